#include "confinement.h"

#include <fcntl.h>
#include <linux/close_range.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

#include "base/system_error.h"
#include "confinement/process_limits.h"
#include "confinement/seccomp_filter.h"

namespace plasm::dht {
namespace {

using confinement::Argument;
using confinement::GiveUpPrivileges;
using confinement::LimitResource;
using confinement::SeccompFilter;

// The sanitizers' runtime reserves terabytes and opens files to report: in their builds, which
// are for tests only, there is no filter and no limit on memory.
#ifdef PLASM_SANITIZED
constexpr bool kSanitized = true;
#else
constexpr bool kSanitized = false;
#endif

constexpr rlim_t kMemoryBytes = rlim_t{512} << 20;

constexpr int kAllowed[] = {
    SCMP_SYS(read),
    SCMP_SYS(write),
    SCMP_SYS(writev),
    SCMP_SYS(close),
    SCMP_SYS(poll),
    SCMP_SYS(fstat),  // lines
    SCMP_SYS(bind),
    SCMP_SYS(listen),  // the library opens a TCP listener, although it takes nothing from it
    SCMP_SYS(accept),
    SCMP_SYS(accept4),
    SCMP_SYS(getsockname),
    SCMP_SYS(getpeername),
    SCMP_SYS(getsockopt),
    SCMP_SYS(setsockopt),
    SCMP_SYS(shutdown),
    SCMP_SYS(sendto),
    SCMP_SYS(sendmsg),
    SCMP_SYS(recvfrom),
    SCMP_SYS(recvmsg),
    SCMP_SYS(recvmmsg),
    SCMP_SYS(sendmmsg),  // datagrams; and netlink, which lists this machine's addresses
    SCMP_SYS(epoll_create1),
    SCMP_SYS(epoll_ctl),
    SCMP_SYS(epoll_wait),
    SCMP_SYS(epoll_pwait),
    SCMP_SYS(eventfd2),
    SCMP_SYS(timerfd_create),
    SCMP_SYS(timerfd_settime),  // the library's loop
    SCMP_SYS(munmap),
    SCMP_SYS(madvise),
    SCMP_SYS(brk),
    SCMP_SYS(mremap),  // memory
    SCMP_SYS(futex),
    SCMP_SYS(sched_yield),
    SCMP_SYS(sched_getaffinity),
    SCMP_SYS(set_robust_list),
    SCMP_SYS(rseq),
    SCMP_SYS(gettid),
    SCMP_SYS(getpid),
    SCMP_SYS(rt_sigprocmask),
    SCMP_SYS(rt_sigaction),
    SCMP_SYS(rt_sigreturn),
    SCMP_SYS(sigaltstack),
    SCMP_SYS(restart_syscall),  // threads
    SCMP_SYS(clock_gettime),
    SCMP_SYS(clock_nanosleep),
    SCMP_SYS(gettimeofday),
    SCMP_SYS(getrandom),
    SCMP_SYS(exit),
    SCMP_SYS(exit_group),
};

// What nothing in here calls unless somebody has taken it over: seen, not only refused.
constexpr int kDeadly[] = {
    SCMP_SYS(execve),
    SCMP_SYS(execveat),
    SCMP_SYS(ptrace),
    SCMP_SYS(process_vm_readv),
    SCMP_SYS(process_vm_writev),
    SCMP_SYS(kill),
    SCMP_SYS(tkill),
    SCMP_SYS(fork),
    SCMP_SYS(vfork),
    SCMP_SYS(memfd_create),
    SCMP_SYS(bpf),
    SCMP_SYS(io_uring_setup),
};

// Sockets of these families and types alone. SOCK_NONBLOCK and SOCK_CLOEXEC stand beside a type.
void AllowSockets(SeccompFilter& filter, Network network) {
  constexpr scmp_datum_t kTypeMask = 0xf;
  for (const int family : {AF_INET, AF_INET6}) {
    for (const int type : {SOCK_DGRAM, SOCK_STREAM}) {
      filter.Allow(SCMP_SYS(socket), Argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(family)),
                   Argument(1, SCMP_CMP_MASKED_EQ, kTypeMask, static_cast<scmp_datum_t>(type)));
    }
  }
  filter.Allow(SCMP_SYS(socket), Argument(0, SCMP_CMP_EQ, AF_NETLINK));
  if (network != Network::kTalksToRouters) return;
  // A connection could carry anything anywhere.
  filter.Allow(SCMP_SYS(connect));
  // SIOCGIFNAME and SIOCGIFMTU: without them the library finds no route, and so no router to ask by
  // NAT-PMP.
  for (const scmp_datum_t request : {scmp_datum_t{0x8910}, scmp_datum_t{0x8921}}) {
    filter.Allow(SCMP_SYS(ioctl), Argument(1, SCMP_CMP_EQ, request));
  }
}

void AllowThreadsAndMemory(SeccompFilter& filter) {
  filter.Allow(SCMP_SYS(clone), Argument(0, SCMP_CMP_MASKED_EQ, CLONE_THREAD, CLONE_THREAD));
  // Its flags are in memory, where the filter can't look; the C library takes clone instead.
  filter.Add(SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3));
  filter.Allow(SCMP_SYS(mmap), Argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  filter.Allow(SCMP_SYS(mprotect), Argument(2, SCMP_CMP_MASKED_EQ, PROT_EXEC, 0));
  filter.Allow(SCMP_SYS(tgkill), Argument(0, SCMP_CMP_EQ, static_cast<scmp_datum_t>(getpid())));
  for (const int command : {F_GETFD, F_SETFD, F_GETFL, F_SETFL}) {
    filter.Allow(SCMP_SYS(fcntl), Argument(1, SCMP_CMP_EQ, static_cast<scmp_datum_t>(command)));
  }
  // FIONBIO and FIONREAD, of sockets.
  for (const scmp_datum_t request : {scmp_datum_t{0x5421}, scmp_datum_t{0x541B}}) {
    filter.Allow(SCMP_SYS(ioctl), Argument(1, SCMP_CMP_EQ, request));
  }
  // glibc's fstat; by path it finds nothing.
  constexpr scmp_datum_t kAtEmptyPath = 0x1000;
  filter.Allow(SCMP_SYS(newfstatat), Argument(3, SCMP_CMP_MASKED_EQ, kAtEmptyPath, kAtEmptyPath));
}

Result<void> InstallFilter(Network network) {
  SeccompFilter filter(SCMP_ACT_ERRNO(EPERM));
  for (const int call : kAllowed) filter.Allow(call);
  for (const int call : kDeadly) filter.Add(SCMP_ACT_KILL_PROCESS, call);
  AllowSockets(filter, network);
  AllowThreadsAndMemory(filter);
  return filter.Load();
}

}  // namespace

Result<void> Confine(Network network) {
  PLASM_TRY_VOID(LimitResource(RLIMIT_NOFILE, "RLIMIT_NOFILE", 256));
  PLASM_TRY_VOID(GiveUpPrivileges());
  if (kSanitized) return {};
  PLASM_TRY_VOID(LimitResource(RLIMIT_FSIZE, "RLIMIT_FSIZE", 0));
  PLASM_TRY_VOID(LimitResource(RLIMIT_DATA, "RLIMIT_DATA", kMemoryBytes));
  return InstallFilter(network);
}

}  // namespace plasm::dht
