"""The agreement: what is agreed, what is proposed, what was agreed before."""
