#include "worker/loop/confinement.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <malloc.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cerrno>
#include <limits>
#include <memory>

#include "base/system_error.h"

namespace plasm::worker {
namespace {

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

struct ReleaseFilter {
  void operator()(void* filter) const noexcept { seccomp_release(filter); }
};

// SCMP_A0 and its like are compound literals, which C++ does not have.
constexpr scmp_arg_cmp Argument(unsigned index, scmp_compare compare, scmp_datum_t first,
                                scmp_datum_t second = 0) {
  return {index, compare, first, second};
}

// mmap and mprotect, unless they ask for PROT_WRITE and PROT_EXEC together. As a bit mask:
// either bit absent is fine.
int AllowWriteXorExecute(scmp_filter_ctx filter, int call) {
  const int without_exec = seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                                            Argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  if (without_exec != 0) return without_exec;
  return seccomp_rule_add(filter, SCMP_ACT_ALLOW, call, 1,
                          Argument(2, SCMP_CMP_MASKED_EQ, PROT_WRITE | PROT_EXEC, PROT_EXEC));
}

// Signals only to itself, as abort() does. fcntl without the commands that make the kernel
// send signals to others (F_SETOWN, F_SETSIG) or that take locks.
int AllowOnItselfOnly(scmp_filter_ctx filter) {
  int failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(tgkill), 1,
                                Argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
  for (const int command : {F_GETFD, F_GETFL, F_DUPFD_CLOEXEC, kAddSeals, kGetSeals}) {
    if (failed != 0) break;
    failed = seccomp_rule_add(filter, SCMP_ACT_ALLOW, SCMP_SYS(fcntl), 1,
                              Argument(1, SCMP_CMP_EQ, static_cast<scmp_datum_t>(command)));
  }
  return failed;
}

Result<void> InstallFilter() {
  const std::unique_ptr<void, ReleaseFilter> filter(seccomp_init(SCMP_ACT_KILL_PROCESS));
  if (!filter) return SystemError(ENOMEM, "seccomp_init");
  int failed = seccomp_attr_set(filter.get(), SCMP_FLTATR_CTL_TSYNC, 1);
  for (const int call : kAllowed) {
    if (failed == 0) failed = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
  }
  if constexpr (kSanitized) {
    for (const int call : kAllowedWhenSanitized) {
      if (failed == 0) failed = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, call, 0);
    }
  }
  // glibc's fstat is newfstatat on an open descriptor; by path it finds nothing.
  if (failed == 0) {
    failed = seccomp_rule_add(filter.get(), SCMP_ACT_ALLOW, SCMP_SYS(newfstatat), 1,
                              Argument(3, SCMP_CMP_MASKED_EQ, kAtEmptyPath, kAtEmptyPath));
  }
  // Rust asks statx first and takes fstat when the kernel does not have it.
  if (failed == 0) {
    failed = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(statx), 0);
  }
  if (failed == 0) failed = AllowOnItselfOnly(filter.get());
  if (failed == 0) failed = AllowWriteXorExecute(filter.get(), SCMP_SYS(mmap));
  if (failed == 0) failed = AllowWriteXorExecute(filter.get(), SCMP_SYS(mprotect));
  // Threads and memory ranges are given names, which is cosmetic; every other prctl kills.
  for (const int name : {PR_SET_NAME, kPrSetVma}) {
    if (failed == 0) {
      failed = seccomp_rule_add(filter.get(), SCMP_ACT_ERRNO(EPERM), SCMP_SYS(prctl), 1,
                                Argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(name)));
    }
  }
  if (failed == 0) failed = seccomp_load(filter.get());
  if (failed != 0) return SystemError(-failed, "seccomp");
  return {};
}

// A program that is loaded has one, and a node has some five hundred of them (jobs/programs.h).
constexpr rlim_t kMaxDescriptors = 1024;

Result<void> Limit(__rlimit_resource resource, const char* name, rlim_t value) {
  rlimit current{};
  if (getrlimit(resource, &current) != 0) return SystemError(errno, name);
  if (current.rlim_max < value) value = current.rlim_max;
  const rlimit limit{value, value};
  if (setrlimit(resource, &limit) != 0) return SystemError(errno, name);
  return {};
}

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
  PLASM_TRY_VOID(Limit(RLIMIT_CORE, "RLIMIT_CORE", 0));
  PLASM_TRY_VOID(Limit(RLIMIT_NOFILE, "RLIMIT_NOFILE", kMaxDescriptors));
  if (!kSanitized) {
    PLASM_TRY_VOID(Limit(RLIMIT_DATA, "RLIMIT_DATA", confinement.memory_bytes));
  }
  PLASM_TRY_VOID(Limit(RLIMIT_MEMLOCK, "RLIMIT_MEMLOCK", 0));
  PLASM_TRY_VOID(Limit(RLIMIT_MSGQUEUE, "RLIMIT_MSGQUEUE", 0));
  if (prctl(PR_SET_DUMPABLE, 0) != 0) return SystemError(errno, "PR_SET_DUMPABLE");
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) {
    return SystemError(errno, "PR_SET_NO_NEW_PRIVS");
  }
  return InstallFilter();
}

}  // namespace plasm::worker
