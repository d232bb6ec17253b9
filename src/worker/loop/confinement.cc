#include "worker/loop/confinement.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <malloc.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <cerrno>
#include <limits>

#include "base/system_error.h"
#include "confinement/process_limits.h"
#include "confinement/seccomp_filter.h"

namespace plasm::worker {
namespace {

using confinement::Argument;
using confinement::GiveUpPrivileges;
using confinement::LimitResource;
using confinement::SeccompFilter;

// The sanitizers' runtime reserves terabytes and keeps its own books in them: their builds
// confine a worker as far as that goes, and are for tests only.
#ifdef PLASM_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr int kMallocArenas = 4;
constexpr int kPrSetVma = 0x53564d41;  // PR_SET_VMA, not in this libc's headers
constexpr int kAtEmptyPath = 0x1000;   // AT_EMPTY_PATH, a GNU extension
constexpr int kAddSeals = 1033;        // F_ADD_SEALS, likewise
constexpr int kGetSeals = 1034;        // F_GET_SEALS, likewise

// What a worker calls once it is set up, and why.
constexpr int kAllowed[] = {
    SCMP_SYS(recvmsg),
    SCMP_SYS(sendmsg),  // frames
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(lseek),
    SCMP_SYS(ftruncate),  // artefacts
    SCMP_SYS(close),
    SCMP_SYS(fstat),
    SCMP_SYS(poll),
    SCMP_SYS(memfd_create),
    SCMP_SYS(munmap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(mremap),  // memory
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),  // compile threads
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),  // traps
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),  // profile live
    SCMP_SYS(getrandom),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
    SCMP_SYS(restart_syscall),
};

// What the sanitizers' runtime calls besides, while it checks.
constexpr int kAllowedWhenSanitized[] = {SCMP_SYS(pipe2)};

// mmap and mprotect, unless they ask for PROT_WRITE and PROT_EXEC together. As a bit mask:
// either bit absent is fine.
void AllowWriteXorExecute(SeccompFilter& filter, int call) {
  filter.Allow(call, Argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  filter.Allow(call, Argument(2, SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_EXEC));
}

// Signals only to itself, as abort() does. fcntl without the commands that make the kernel
// send signals to others (F_SETOWN, F_SETSIG) or that take locks.
void AllowOnItselfOnly(SeccompFilter& filter) {
  filter.Allow(SCMP_SYS(tgkill), Argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
  for (const int command : {F_GETFD, F_GETFL, F_DUPFD_CLOEXEC, kAddSeals, kGetSeals}) {
    filter.Allow(SCMP_SYS(fcntl), Argument(1, SCMP_CMP_EQ, static_cast<scmp_datum_t>(command)));
  }
}

Result<void> InstallFilter() {
  SeccompFilter filter(SCMP_ACT_KILL_PROCESS);
  for (const int call : kAllowed) filter.Allow(call);
  if constexpr (kSanitized) {
    for (const int call : kAllowedWhenSanitized) filter.Allow(call);
  }
  // glibc's fstat is newfstatat on an open descriptor; by path it finds nothing.
  filter.Allow(SCMP_SYS(newfstatat), Argument(3, SCMP_CMP_MASKED_EQ, kAtEmptyPath, kAtEmptyPath));
  // Rust asks statx first and takes fstat when the kernel does not have it.
  filter.Add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(statx));
  AllowOnItselfOnly(filter);
  AllowWriteXorExecute(filter, SCMP_SYS(mmap));
  AllowWriteXorExecute(filter, SCMP_SYS(mprotect));
  // Threads and memory ranges are given names, which is cosmetic; every other prctl kills.
  for (const int name : {PR_SET_NAME, kPrSetVma}) {
    filter.Add(SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl),
               Argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(name)));
  }
  return filter.Load();
}

// A program that is loaded has one, and a node has some five hundred of them (jobs/programs.h).
constexpr rlim_t kMaxDescriptors = 1024;

}  // namespace

Result<void> ForgetParent(int keep) {
  // Left to itself, malloc opens files: to count processors when a second thread allocates,
  // and to ask for the overcommit policy when a thread's heap shrinks.
  mallopt(M_ARENA_MAX, kMallocArenas);
  mallopt(M_TRIM_THRESHOLD, std::numeric_limits<int>::max());
  if (prctl(PR_SET_PDEATHSIG, SIGKILL) != 0) return SystemError(errno, "PR_SET_PDEATHSIG");
  if (keep > 3 && close_range(3, static_cast<unsigned>(keep) - 1, 0) != 0) {
    return SystemError(errno, "close_range");
  }
  if (close_range(static_cast<unsigned>(keep) + 1, ~0u, 0) != 0) {
    return SystemError(errno, "close_range");
  }
  return {};
}

Result<void> Confine(const Confinement& confinement) {
  PLASM_TRY_VOID(LimitResource(RLIMIT_NOFILE, "RLIMIT_NOFILE", kMaxDescriptors));
  if (!kSanitized) {
    PLASM_TRY_VOID(LimitResource(RLIMIT_DATA, "RLIMIT_DATA", confinement.memory_bytes));
  }
  PLASM_TRY_VOID(GiveUpPrivileges());
  return InstallFilter();
}

}  // namespace plasm::worker
