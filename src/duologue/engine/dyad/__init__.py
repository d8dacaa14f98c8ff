"""Two people's openness over the sessions: each with their own, each moved by the other.

The model is linear and Gaussian. For session j, seat i (client first) and rating k,

    x_1      = mu + delta + s,           s ~ N(0, P1)
    x_{j+1}  = mu + B (x_j - mu) + w,    w ~ N(0, Q)
    y_ijk    = nu_ik + lam_ik x_ij + e,  e ~ N(0, R_ik),   lam_i1 = 1, nu_i1 = 0
    mu       ~ N(bm, Sm)

where x is what the two would be seen to be if ratings had no error, mu is where the
pair tends to, and B says how the last session carries over: in a matrix the row is
the person affected, so that B_ct is the effect of the therapist on the client.
"""
