internal import Glibc

/// Ends the program: what was written is flushed, and the libraries do not clean up.
///
/// Threads that nobody waits for, such as one whose connection hangs or has
/// just been closed, may still run inside a library. OpenSSL's clean-up would
/// take its tables away from under them.
func leave(_ code: Int32) -> Never {
    fflush(nil)
    _exit(code)
}
