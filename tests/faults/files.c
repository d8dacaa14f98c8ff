/*
 * A file layer that watches one folder and can fail on purpose.
 *
 * Loaded before libc (LD_PRELOAD), it stands in for the functions by which a program
 * changes files. What lies outside the folder is passed on untouched. For what lies
 * inside, each change is made and written to a log, one after the other, under a lock
 * that all threads and all processes of a run share: the order of the log is the order
 * in which things happened. A test may switch faults on and off while the program runs,
 * through a control file that both have mapped.
 *
 *   FAULTS_FOLDER   the folder, as realpath gives it
 *   FAULTS_CONTROL  the control file; its fields are those of struct control
 *   FAULTS_LOG      the log, outside the folder; without it nothing is recorded
 *
 * Not seen, and so neither recorded nor refused: what libc does from inside (fwrite and
 * the rest of stdio, the files that mkstemp makes), writes through a mapping, direct
 * system calls, io_uring. Where one of them is about to
 * begin and can be told, the log says "unseen" or "map"; for the rest, power.py compares
 * the replayed log with the folder, byte for byte, and refuses a log that lacks a change.
 *
 * Nothing is really flushed: fsync is recorded and answered. What a disk would hold
 * after the power went is computed from the log.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

/* What the tests read and set; 8 bytes each, in the order of FIELDS in layer.py. */
struct control {
    int64_t n_records;     /* changes so far, in all processes */
    int64_t n_refused;     /* calls that were failed on purpose */
    int64_t log_size;      /* bytes of the log that are whole records */
    int64_t n_syncs;       /* of fsync and fdatasync, those that failed included */
    int64_t bytes_left;    /* room on the disk; -1 is without end */
    int64_t writes_left;   /* writes until the disk is full; -1 is without end */
    int64_t growing_only;  /* 1: writing over what is there needs no room */
    int64_t longest_write; /* no write moves more bytes; 0 is without end */
    int64_t write_error;   /* errno of write and truncate; 0 is none; likewise below */
    int64_t open_error;    /* of opening what is there for writing */
    int64_t make_error;    /* of making a file, a folder or another name */
    int64_t move_error;    /* of renaming and removing */
    int64_t mode_error;    /* of changing permissions or times */
    int64_t sync_error;    /* of fsync and fdatasync */
    int64_t sync_every;    /* of so many syncs one fails; 0 and 1: each */
    int64_t killed_after;  /* whoever makes n_records so large is killed; 0: nobody */
    int64_t lock_state;    /* 0 nobody has made the lock, 1 somebody is at it, 2 made */
    pthread_mutex_t lock;
};

/* The order is that of KINDS in layer.py. */
enum kind { MARK, CREATE, WRITE, TRUNCATE, SYNC, RENAME, UNLINK, MKDIR, RMDIR, LINK, MAP,
            UNSEEN };

/* Followed in the log by the path, the other path and, for a write, the data. */
struct record {
    int32_t kind;
    int32_t error;
    uint64_t inode;
    int64_t offset;
    uint64_t length;
    uint32_t path_length;
    uint32_t other_length;
};

static struct control *control; /* NULL: nothing is watched */
static char folder[PATH_MAX];
static size_t folder_length;
static int log_fd = -1;

/* The function that would have been called without this file. */
#define REAL(name) \
    static __typeof__(name) *real; \
    if (real == NULL) real = (__typeof__(name) *)dlsym(RTLD_NEXT, #name)

static ssize_t real_pwrite(int fd, const void *data, size_t length, off_t offset)
{
    REAL(pwrite);
    return real(fd, data, length, offset);
}

static ssize_t real_write(int fd, const void *data, size_t length)
{
    REAL(write);
    return real(fd, data, length);
}

static int real_openat(int at, const char *path, int flags, mode_t mode)
{
    REAL(openat);
    return real(at, path, flags, mode);
}

static void give_up(const char *why)
{
    /* A test without its faults, or with half a log, would say that all is well. */
    char line[200];
    int length = snprintf(line, sizeof line, "files.c: %s (errno %d)\n", why, errno);
    if (real_write(2, line, (size_t)length) < 0) abort();
    abort();
}

/* The lock ---------------------------------------------------------------------------
 *
 * It lies in the control file, so that all processes share it, and is robust: one that
 * was killed inside leaves it to the next. */

static void make_lock(void)
{
    int64_t nobody = 0;
    if (__atomic_compare_exchange_n(&control->lock_state, &nobody, 1, false,
                                    __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) {
        pthread_mutexattr_t kind;
        pthread_mutexattr_init(&kind);
        pthread_mutexattr_setpshared(&kind, PTHREAD_PROCESS_SHARED);
        pthread_mutexattr_setrobust(&kind, PTHREAD_MUTEX_ROBUST);
        pthread_mutex_init(&control->lock, &kind);
        __atomic_store_n(&control->lock_state, 2, __ATOMIC_SEQ_CST);
    }
    while (__atomic_load_n(&control->lock_state, __ATOMIC_SEQ_CST) != 2) usleep(100);
}

static void enter(void)
{
    if (pthread_mutex_lock(&control->lock) == EOWNERDEAD)
        pthread_mutex_consistent(&control->lock);
}

/* Leaves errno as it was: the caller of the wrapper is to see that of the change. */
static void leave(void)
{
    int before = errno;
    pthread_mutex_unlock(&control->lock);
    errno = before;
}

__attribute__((constructor)) static void begin(void)
{
    const char *watched = getenv("FAULTS_FOLDER");
    const char *controlled = getenv("FAULTS_CONTROL");
    const char *logged = getenv("FAULTS_LOG");
    if (watched == NULL || controlled == NULL) return;
    folder_length = strlen(watched);
    if (folder_length == 0 || folder_length >= sizeof folder) give_up("FAULTS_FOLDER");
    memcpy(folder, watched, folder_length + 1);
    if (logged != NULL) {
        int flags = O_WRONLY | O_CREAT | O_CLOEXEC;
        int fd = real_openat(AT_FDCWD, logged, flags, 0600);
        /* A high number, out of the way of programs that count on low ones. */
        if (fd < 0 || (log_fd = fcntl(fd, F_DUPFD_CLOEXEC, 500)) < 0)
            give_up("FAULTS_LOG cannot be opened");
        close(fd);
    }
    int fd = real_openat(AT_FDCWD, controlled, O_RDWR | O_CLOEXEC, 0);
    if (fd < 0) give_up("FAULTS_CONTROL cannot be opened");
    void *mapped = mmap(NULL, sizeof *control, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    if (mapped == MAP_FAILED) give_up("FAULTS_CONTROL cannot be mapped");
    control = mapped;
    make_lock();
}

/* Where a file lies ------------------------------------------------------------------ */

static bool inside(const char *path)
{
    return strncmp(path, folder, folder_length) == 0
           && (path[folder_length] == '/' || path[folder_length] == '\0');
}

static const char *within(const char *path)
{
    const char *rest = path + folder_length;
    return *rest == '/' ? rest + 1 : rest;
}

/* The kernel is asked each time: no table of our own has to follow dup, close and fork. */
static bool path_of(int fd, char path[PATH_MAX])
{
    char link[40];
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, PATH_MAX - 1);
    if (length < 0) return false;
    path[length] = '\0';
    return true;
}

/* Whether the descriptor is a file (or folder) inside; fills in what is known of it. */
static bool watched_fd(int fd, struct stat *about, char path[PATH_MAX])
{
    if (control == NULL) return false;
    int before = errno;
    bool found = fstat(fd, about) == 0
                 && (S_ISREG(about->st_mode) || S_ISDIR(about->st_mode))
                 && path_of(fd, path) && inside(path);
    errno = before;
    return found;
}

/* Whether a name lies inside. The folders above it are resolved; the name itself is only
 * where it may be a link that would be followed. */
static bool watched_name(int at, const char *name, bool follow, char path[PATH_MAX])
{
    char joined[2 * PATH_MAX], above[PATH_MAX];
    bool found = false;
    int before = errno;
    if (control == NULL || name == NULL || *name == '\0') return false;
    if (*name == '/') {
        snprintf(joined, sizeof joined, "%s", name);
    } else {
        if (at == AT_FDCWD ? getcwd(above, sizeof above) == NULL : !path_of(at, above))
            goto out;
        snprintf(joined, sizeof joined, "%s/%s", above, name);
    }
    if (follow && realpath(joined, path) != NULL) {
        found = inside(path);
        goto out;
    }
    size_t length = strlen(joined);
    while (length > 1 && joined[length - 1] == '/') joined[--length] = '\0';
    char *last = strrchr(joined, '/');
    if (strcmp(last, "/.") == 0 || strcmp(last, "/..") == 0) {
        found = realpath(joined, path) != NULL && inside(path);
        goto out;
    }
    *last++ = '\0';
    if (realpath(*joined == '\0' ? "/" : joined, above) != NULL) {
        int size = snprintf(path, PATH_MAX, "%s/%s", above, last);
        found = size < PATH_MAX && inside(path);
    }
out:
    errno = before;
    return found;
}

/* The log ---------------------------------------------------------------------------- */

static void append(enum kind kind, int error, uint64_t inode, int64_t offset,
                   const char *path, const char *other, const void *data, size_t length)
{
    int before = errno;
    struct record head = {
        .kind = kind, .error = error,
        .inode = inode, .offset = offset, .length = length,
        .path_length = (uint32_t)strlen(path), .other_length = (uint32_t)strlen(other),
    };
    struct iovec parts[] = {
        {&head, sizeof head},
        {(void *)path, head.path_length},
        {(void *)other, head.other_length},
        {(void *)data, length},
    };
    if (log_fd >= 0) {
        /* A program that is killed here leaves half a record: the next one goes over it. */
        REAL(pwritev);
        ssize_t all = (ssize_t)(sizeof head + head.path_length + head.other_length + length);
        if (real(log_fd, parts, 4, control->log_size) != all)
            give_up("the log cannot be written");
        __atomic_add_fetch(&control->log_size, all, __ATOMIC_SEQ_CST);
    }
    int64_t n = __atomic_add_fetch(&control->n_records, 1, __ATOMIC_SEQ_CST);
    if (n == control->killed_after) kill(getpid(), SIGKILL);
    errno = before;
}

/* Fails a call on purpose, and says so in the log. */
static int refuse(int64_t error, enum kind kind, uint64_t inode, const char *path)
{
    control->n_refused++;
    append(kind, (int)error, inode, 0, within(path), "", NULL, 0);
    errno = (int)error;
    return -1;
}

/* The program, or a test through it, notes that something has been promised. */
void faults_mark(const char *text)
{
    if (control == NULL) return;
    enter();
    append(MARK, 0, 0, 0, text, "", NULL, 0);
    leave();
}

/* Writing ---------------------------------------------------------------------------- */

/* How many of the bytes find room, or minus the errno. What fits of a write is written,
 * as on a real disk: a short write comes first, the refusal with the next. */
static int64_t room_for(size_t length, off_t offset, off_t size)
{
    if (control->write_error) return -control->write_error;
    if (control->writes_left == 0) return -ENOSPC;
    int64_t room = (int64_t)length, over = 0;
    if (control->longest_write > 0 && room > control->longest_write)
        room = control->longest_write;
    if (control->bytes_left >= 0) {
        if (control->growing_only && offset < size) over = size - offset;
        if (over > room) over = room;
        if (room - over > control->bytes_left) room = over + control->bytes_left;
        if (room == 0 && length > 0) return -ENOSPC;
        control->bytes_left -= room - over;
    }
    if (control->writes_left > 0) control->writes_left--;
    return room;
}

/* The one way by which bytes get into a watched file. The offset is -1 where the file's
 * own position counts; a file opened to append is written at its end whatever is asked. */
static ssize_t put(int fd, const void *data, size_t length, off_t offset)
{
    struct stat about;
    char path[PATH_MAX];
    ssize_t done = -1;
    enter();
    if (!watched_fd(fd, &about, path)) {
        errno = EBADF;
        goto out;
    }
    int flags = fcntl(fd, F_GETFL);
    if ((flags & O_ACCMODE) == O_RDONLY) {
        errno = EBADF;
        goto out;
    }
    bool own = offset < 0;
    off_t from = flags & O_APPEND ? about.st_size : own ? lseek(fd, 0, SEEK_CUR) : offset;
    int64_t room = room_for(length, from, about.st_size);
    if (room < 0) {
        refuse(-room, WRITE, about.st_ino, path);
        goto out;
    }
    if ((size_t)room < length) control->n_refused++;
    done = own ? real_write(fd, data, (size_t)room)
               : real_pwrite(fd, data, (size_t)room, offset);
    if (done >= 0)
        append(WRITE, 0, about.st_ino, from, within(path), "", data, (size_t)done);
    else
        append(WRITE, errno, about.st_ino, from, within(path), "", NULL, 0);
out:
    leave();
    return done;
}

/* Several pieces are joined and written as one. */
static ssize_t put_pieces(int fd, const struct iovec *pieces, int n, off_t offset)
{
    size_t length = 0, at = 0;
    for (int i = 0; i < n; i++) length += pieces[i].iov_len;
    char *joined = malloc(length ? length : 1);
    if (joined == NULL) {
        errno = ENOMEM;
        return -1;
    }
    for (int i = 0; i < n; at += pieces[i++].iov_len)
        memcpy(joined + at, pieces[i].iov_base, pieces[i].iov_len);
    ssize_t done = put(fd, joined, length, offset);
    int before = errno;
    free(joined);
    errno = before;
    return done;
}

static bool is_watched_file(int fd)
{
    struct stat about;
    char path[PATH_MAX];
    return watched_fd(fd, &about, path) && S_ISREG(about.st_mode);
}

ssize_t write(int fd, const void *data, size_t length)
{
    return is_watched_file(fd) ? put(fd, data, length, -1) : real_write(fd, data, length);
}

ssize_t pwrite(int fd, const void *data, size_t length, off_t offset)
{
    if (!is_watched_file(fd) || offset < 0) return real_pwrite(fd, data, length, offset);
    return put(fd, data, length, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t length, off64_t offset)
{
    return pwrite(fd, data, length, offset);
}

ssize_t writev(int fd, const struct iovec *pieces, int n)
{
    REAL(writev);
    return is_watched_file(fd) ? put_pieces(fd, pieces, n, -1) : real(fd, pieces, n);
}

ssize_t pwritev(int fd, const struct iovec *pieces, int n, off_t offset)
{
    REAL(pwritev);
    if (!is_watched_file(fd) || offset < 0) return real(fd, pieces, n, offset);
    return put_pieces(fd, pieces, n, offset);
}

ssize_t pwritev64(int fd, const struct iovec *pieces, int n, off64_t offset)
{
    return pwritev(fd, pieces, n, offset);
}

ssize_t pwritev2(int fd, const struct iovec *pieces, int n, off_t offset, int flags)
{
    REAL(pwritev2);
    if (!is_watched_file(fd) || offset < -1) return real(fd, pieces, n, offset, flags);
    if (flags != 0) { /* each flag is something that a kernel may lack */
        errno = EOPNOTSUPP;
        return -1;
    }
    return put_pieces(fd, pieces, n, offset);
}

ssize_t pwritev64v2(int fd, const struct iovec *pieces, int n, off64_t offset, int flags)
{
    return pwritev2(fd, pieces, n, offset, flags);
}

/* Size ------------------------------------------------------------------------------- */

int ftruncate(int fd, off_t size)
{
    REAL(ftruncate);
    struct stat about;
    char path[PATH_MAX];
    if (!watched_fd(fd, &about, path)) return real(fd, size);
    enter();
    int done;
    if (control->write_error) {
        done = refuse(control->write_error, TRUNCATE, about.st_ino, path);
    } else {
        done = real(fd, size);
        append(TRUNCATE, done ? errno : 0, about.st_ino, size, within(path), "", NULL, 0);
    }
    leave();
    return done;
}

int ftruncate64(int fd, off64_t size)
{
    return ftruncate(fd, size);
}

int truncate(const char *name, off_t size)
{
    REAL(truncate);
    char path[PATH_MAX];
    if (!watched_name(AT_FDCWD, name, true, path)) return real(name, size);
    int fd = real_openat(AT_FDCWD, name, O_WRONLY | O_CLOEXEC, 0);
    if (fd < 0) return -1;
    int done = ftruncate(fd, size), before = errno;
    close(fd);
    errno = before;
    return done;
}

int truncate64(const char *name, off64_t size)
{
    return truncate(name, size);
}

/* A file system may lack these, and whoever calls them has another way that is seen. */

int fallocate(int fd, int mode, off_t offset, off_t length)
{
    REAL(fallocate);
    if (!is_watched_file(fd)) return real(fd, mode, offset, length);
    errno = EOPNOTSUPP;
    return -1;
}

int fallocate64(int fd, int mode, off64_t offset, off64_t length)
{
    return fallocate(fd, mode, offset, length);
}

int posix_fallocate(int fd, off_t offset, off_t length)
{
    REAL(posix_fallocate);
    return is_watched_file(fd) ? EOPNOTSUPP : real(fd, offset, length);
}

int posix_fallocate64(int fd, off64_t offset, off64_t length)
{
    return posix_fallocate(fd, offset, length);
}

ssize_t sendfile(int to, int from, off_t *offset, size_t length)
{
    ssize_t (*real)(int, int, off_t *, size_t) = dlsym(RTLD_NEXT, "sendfile");
    if (!is_watched_file(to)) return real(to, from, offset, length);
    errno = EINVAL;
    return -1;
}

ssize_t sendfile64(int to, int from, off64_t *offset, size_t length)
{
    return sendfile(to, from, offset, length);
}

ssize_t copy_file_range(int from, off64_t *read_at, int to, off64_t *write_at,
                        size_t length, unsigned flags)
{
    REAL(copy_file_range);
    if (!is_watched_file(to)) return real(from, read_at, to, write_at, length, flags);
    errno = EOPNOTSUPP;
    return -1;
}

ssize_t splice(int from, off64_t *read_at, int to, off64_t *write_at, size_t length,
               unsigned flags)
{
    REAL(splice);
    if (!is_watched_file(to)) return real(from, read_at, to, write_at, length, flags);
    errno = EINVAL;
    return -1;
}

/* Flushing, of files and of folders -------------------------------------------------- */

static int flush(const struct stat *about, const char *path)
{
    int done = 0;
    enter();
    int64_t every = control->sync_every > 0 ? control->sync_every : 1;
    if (++control->n_syncs % every == 0 && control->sync_error)
        done = refuse(control->sync_error, SYNC, about->st_ino, path);
    else
        append(SYNC, 0, about->st_ino, 0, within(path), "", NULL, 0);
    leave();
    return done;
}

int fsync(int fd)
{
    REAL(fsync);
    struct stat about;
    char path[PATH_MAX];
    return watched_fd(fd, &about, path) ? flush(&about, path) : real(fd);
}

int fdatasync(int fd)
{
    REAL(fdatasync);
    struct stat about;
    char path[PATH_MAX];
    return watched_fd(fd, &about, path) ? flush(&about, path) : real(fd);
}

/* Opening ---------------------------------------------------------------------------- */

static int open_watched(int at, const char *name, int flags, mode_t mode, const char *path)
{
    struct stat about;
    int fd = -1;
    enter();
    bool there = fstatat(at, name, &about, 0) == 0;
    if (there && !S_ISREG(about.st_mode)) { /* a pipe might let us wait with the lock */
        leave();
        return real_openat(at, name, flags, mode);
    }
    uint64_t inode = there ? about.st_ino : 0;
    bool makes = !there && flags & O_CREAT;
    bool empties = there && flags & O_TRUNC;
    bool may_write = there && (flags & O_ACCMODE) != O_RDONLY;
    if (makes && control->make_error) {
        refuse(control->make_error, CREATE, 0, path);
    } else if (may_write && control->open_error) {
        refuse(control->open_error, UNSEEN, inode, path);
    } else if (empties && control->write_error) {
        refuse(control->write_error, TRUNCATE, inode, path);
    } else {
        fd = real_openat(at, name, flags, mode);
        int error = fd < 0 ? errno : 0;
        if (makes) {
            if (fd >= 0 && fstat(fd, &about) == 0) inode = about.st_ino;
            append(CREATE, error, inode, 0, within(path), "", NULL, 0);
        } else if (empties) {
            append(TRUNCATE, error, inode, 0, within(path), "", NULL, 0);
        }
    }
    leave();
    return fd;
}

static int open_any(int at, const char *name, int flags, mode_t mode)
{
    char path[PATH_MAX];
    bool reads = (flags & O_ACCMODE) == O_RDONLY && !(flags & (O_CREAT | O_TRUNC));
    bool follow = !(flags & O_NOFOLLOW) && (flags & (O_CREAT | O_EXCL)) != (O_CREAT | O_EXCL);
    if (control == NULL || (reads && (flags & O_TMPFILE) != O_TMPFILE)
        || !watched_name(at, name, follow, path))
        return real_openat(at, name, flags, mode);
    if ((flags & O_TMPFILE) == O_TMPFILE) { /* a file system may lack it */
        errno = EOPNOTSUPP;
        return -1;
    }
    return open_watched(at, name, flags, mode, path);
}

#define MODE_AFTER(last) \
    mode_t mode = 0; \
    if (flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE) { \
        va_list more; \
        va_start(more, last); \
        mode = va_arg(more, mode_t); \
        va_end(more); \
    }

int open(const char *name, int flags, ...)
{
    MODE_AFTER(flags)
    return open_any(AT_FDCWD, name, flags, mode);
}

int open64(const char *name, int flags, ...)
{
    MODE_AFTER(flags)
    return open_any(AT_FDCWD, name, flags | O_LARGEFILE, mode);
}

int openat(int at, const char *name, int flags, ...)
{
    MODE_AFTER(flags)
    return open_any(at, name, flags, mode);
}

int openat64(int at, const char *name, int flags, ...)
{
    MODE_AFTER(flags)
    return open_any(at, name, flags | O_LARGEFILE, mode);
}

int creat(const char *name, mode_t mode)
{
    return open_any(AT_FDCWD, name, O_WRONLY | O_CREAT | O_TRUNC, mode);
}

int creat64(const char *name, mode_t mode)
{
    return creat(name, mode);
}

/* What open becomes where a program was compiled with checks (_FORTIFY_SOURCE). */

int __open_2(const char *name, int flags)
{
    return open_any(AT_FDCWD, name, flags, 0);
}

int __open64_2(const char *name, int flags)
{
    return open_any(AT_FDCWD, name, flags | O_LARGEFILE, 0);
}

int __openat_2(int at, const char *name, int flags)
{
    return open_any(at, name, flags, 0);
}

int __openat64_2(int at, const char *name, int flags)
{
    return open_any(at, name, flags | O_LARGEFILE, 0);
}

/* What is written through stdio is not seen: it is refused where opening would be, and
 * noted as unseen otherwise. */
static bool stdio_refused(const char *name, const char *how)
{
    char path[PATH_MAX];
    bool refused = false;
    if (strpbrk(how, "wa+") == NULL || !watched_name(AT_FDCWD, name, true, path))
        return false;
    enter();
    int64_t error = access(name, F_OK) ? control->make_error : control->open_error;
    if (error) {
        refuse(error, UNSEEN, 0, path);
        refused = true;
    } else {
        append(UNSEEN, 0, 0, 0, within(path), "", NULL, 0);
    }
    leave();
    return refused;
}

FILE *fopen(const char *name, const char *how)
{
    REAL(fopen);
    return stdio_refused(name, how) ? NULL : real(name, how);
}

FILE *fopen64(const char *name, const char *how)
{
    REAL(fopen64);
    return stdio_refused(name, how) ? NULL : real(name, how);
}

/* A shared mapping that may be written is a way round this layer. SQLite maps one file
 * so, the -shm beside a database, and makes it anew after a crash. */
static void note_mapping(int protection, int flags, int fd)
{
    struct stat about;
    char path[PATH_MAX];
    if (fd < 0 || !(protection & PROT_WRITE) || (flags & MAP_TYPE) == MAP_PRIVATE
        || !watched_fd(fd, &about, path))
        return;
    enter();
    append(MAP, 0, about.st_ino, 0, within(path), "", NULL, 0);
    leave();
}

void *mmap(void *where, size_t length, int protection, int flags, int fd, off_t offset)
{
    REAL(mmap);
    note_mapping(protection, flags, fd);
    return real(where, length, protection, flags, fd, offset);
}

void *mmap64(void *where, size_t length, int protection, int flags, int fd, off64_t offset)
{
    return mmap(where, length, protection, flags, fd, offset);
}

/* Names ------------------------------------------------------------------------------ */

static uint64_t inode_of(int at, const char *name)
{
    struct stat about;
    return fstatat(at, name, &about, AT_SYMLINK_NOFOLLOW) == 0 ? about.st_ino : 0;
}

int renameat2(int from_at, const char *from, int to_at, const char *to, unsigned flags)
{
    REAL(renameat2);
    char old[PATH_MAX], new[PATH_MAX];
    bool out_of = watched_name(from_at, from, false, old);
    bool into = watched_name(to_at, to, false, new);
    if (!out_of && !into) return real(from_at, from, to_at, to, flags);
    enter();
    int done;
    if (control->move_error) {
        done = refuse(control->move_error, RENAME, 0, out_of ? old : new);
    } else {
        uint64_t inode = inode_of(from_at, from);
        done = real(from_at, from, to_at, to, flags);
        if (out_of && into && !(flags & RENAME_EXCHANGE))
            append(RENAME, done ? errno : 0, inode, 0, within(old), within(new), NULL, 0);
        else if (done == 0)
            append(UNSEEN, 0, inode, 0, within(out_of ? old : new), "", NULL, 0);
    }
    leave();
    return done;
}

int renameat(int from_at, const char *from, int to_at, const char *to)
{
    return renameat2(from_at, from, to_at, to, 0);
}

int rename(const char *from, const char *to)
{
    return renameat2(AT_FDCWD, from, AT_FDCWD, to, 0);
}

int unlinkat(int at, const char *name, int flags)
{
    REAL(unlinkat);
    char path[PATH_MAX];
    if (!watched_name(at, name, false, path)) return real(at, name, flags);
    enum kind kind = flags & AT_REMOVEDIR ? RMDIR : UNLINK;
    enter();
    int done;
    if (control->move_error) {
        done = refuse(control->move_error, kind, 0, path);
    } else {
        uint64_t inode = inode_of(at, name);
        done = real(at, name, flags);
        append(kind, done ? errno : 0, inode, 0, within(path), "", NULL, 0);
    }
    leave();
    return done;
}

int unlink(const char *name)
{
    return unlinkat(AT_FDCWD, name, 0);
}

int rmdir(const char *name)
{
    return unlinkat(AT_FDCWD, name, AT_REMOVEDIR);
}

int remove(const char *name)
{
    int done = unlink(name);
    return done && (errno == EISDIR || errno == EPERM) ? rmdir(name) : done;
}

/* A new folder needs a block of its own: on a full disk there is none. */
int mkdirat(int at, const char *name, mode_t mode)
{
    REAL(mkdirat);
    char path[PATH_MAX];
    if (!watched_name(at, name, false, path)) return real(at, name, mode);
    enter();
    int done;
    bool full = control->bytes_left == 0 || control->writes_left == 0;
    if (control->make_error || full) {
        int64_t error = control->make_error ? control->make_error : ENOSPC;
        done = refuse(error, MKDIR, 0, path);
    } else {
        done = real(at, name, mode);
        int error = done ? errno : 0;
        append(MKDIR, error, inode_of(at, name), 0, within(path), "", NULL, 0);
    }
    leave();
    return done;
}

int mkdir(const char *name, mode_t mode)
{
    return mkdirat(AT_FDCWD, name, mode);
}

int linkat(int from_at, const char *from, int to_at, const char *to, int flags)
{
    REAL(linkat);
    char old[PATH_MAX], new[PATH_MAX];
    bool out_of = watched_name(from_at, from, flags & AT_SYMLINK_FOLLOW, old);
    if (!watched_name(to_at, to, false, new)) return real(from_at, from, to_at, to, flags);
    enter();
    int done;
    if (control->make_error) {
        done = refuse(control->make_error, LINK, 0, new);
    } else {
        done = real(from_at, from, to_at, to, flags);
        if (out_of)
            append(LINK, done ? errno : 0, inode_of(to_at, to), 0, within(old), within(new),
                   NULL, 0);
        else if (done == 0)
            append(UNSEEN, 0, 0, 0, within(new), "", NULL, 0);
    }
    leave();
    return done;
}

int link(const char *from, const char *to)
{
    return linkat(AT_FDCWD, from, AT_FDCWD, to, 0);
}

/* The model of power.py knows files and folders only. */
int symlinkat(const char *target, int at, const char *name)
{
    REAL(symlinkat);
    char path[PATH_MAX];
    if (!watched_name(at, name, false, path)) return real(target, at, name);
    enter();
    int done;
    if (control->make_error) {
        done = refuse(control->make_error, UNSEEN, 0, path);
    } else {
        done = real(target, at, name);
        if (done == 0) append(UNSEEN, 0, 0, 0, within(path), "", NULL, 0);
    }
    leave();
    return done;
}

int symlink(const char *target, const char *name)
{
    return symlinkat(target, AT_FDCWD, name);
}

/* Permissions and times: not recorded, since they hold no content, but refused on a disk
 * that may only be read. */

static bool mode_refused(int at, const char *name)
{
    char path[PATH_MAX];
    if (control == NULL || !control->mode_error || !watched_name(at, name, true, path))
        return false;
    errno = (int)control->mode_error;
    return true;
}

static bool fd_mode_refused(int fd)
{
    struct stat about;
    char path[PATH_MAX];
    if (control == NULL || !control->mode_error || !watched_fd(fd, &about, path))
        return false;
    errno = (int)control->mode_error;
    return true;
}

int chmod(const char *name, mode_t mode)
{
    REAL(chmod);
    return mode_refused(AT_FDCWD, name) ? -1 : real(name, mode);
}

int fchmodat(int at, const char *name, mode_t mode, int flags)
{
    REAL(fchmodat);
    return mode_refused(at, name) ? -1 : real(at, name, mode, flags);
}

int fchmod(int fd, mode_t mode)
{
    REAL(fchmod);
    return fd_mode_refused(fd) ? -1 : real(fd, mode);
}

int utimensat(int at, const char *name, const struct timespec times[2], int flags)
{
    REAL(utimensat);
    return mode_refused(at, name) ? -1 : real(at, name, times, flags);
}

int futimens(int fd, const struct timespec times[2])
{
    REAL(futimens);
    return fd_mode_refused(fd) ? -1 : real(fd, times);
}

int access(const char *name, int how)
{
    REAL(access);
    return how & W_OK && mode_refused(AT_FDCWD, name) ? -1 : real(name, how);
}
