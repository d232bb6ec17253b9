// What a process may do after worker::Confine(), tried in children.
#include "worker/loop/confinement.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <atomic>
#include <cstdlib>
#include <functional>
#include <string>
#include <thread>

namespace plasm::worker {
namespace {

constexpr std::uint64_t kMemory = std::uint64_t{4} << 30;
constexpr int kNotConfined = 70;

// How a confined child ended that did `act`: "exit N" or "signal N".
std::string Confined(const std::function<int()>& act) {
  const pid_t child = fork();
  if (child == 0) {
    if (!Confine({.memory_bytes = kMemory})) _exit(kNotConfined);
    _exit(act());
  }
  int status = 0;
  EXPECT_EQ(waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? "exit " + std::to_string(WEXITSTATUS(status))
                           : "signal " + std::to_string(WTERMSIG(status));
}

const std::string kKilled = "signal " + std::to_string(SIGSYS);

// The raw call, so that nothing but the kernel answers.
template <class... Args>
std::function<int()> Call(long number, Args... args) {
  return [=] {
    syscall(number, args...);
    return 0;
  };
}

TEST(ConfinementTest, OpeningSocketsAndProgramsKills) {
  static char program[] = "/bin/true";
  static char* words[] = {program, nullptr};
  EXPECT_EQ(Confined([] { return open("/etc/passwd", O_RDONLY) < 0 ? 1 : 0; }), kKilled);
  EXPECT_EQ(Confined(Call(SYS_open, "/etc/passwd", O_RDONLY)), kKilled);
  EXPECT_EQ(Confined(Call(SYS_openat2, AT_FDCWD, "/etc/passwd", nullptr, 0)), kKilled);
  EXPECT_EQ(Confined([] { return socket(AF_INET, SOCK_STREAM, 0); }), kKilled);
  EXPECT_EQ(Confined([] { return socket(AF_UNIX, SOCK_STREAM, 0); }), kKilled);
  EXPECT_EQ(Confined([] { return execve(program, words, words + 1); }), kKilled);
  EXPECT_EQ(Confined(Call(SYS_execveat, AT_FDCWD, program, words, words + 1, 0)), kKilled);
}

TEST(ConfinementTest, NewProcessesAndThreadsKill) {
  EXPECT_EQ(Confined([] { return fork() < 0 ? 1 : 0; }), kKilled);
  EXPECT_EQ(Confined(Call(SYS_vfork)), kKilled);
  EXPECT_EQ(Confined(Call(SYS_clone3, nullptr, 0)), kKilled);
  EXPECT_EQ(Confined([] {
              std::thread([] {}).join();
              return 0;
            }),
            kKilled);
}

TEST(ConfinementTest, SignalsToOthersKillTheSender) {
  const pid_t parent = getpid();
  EXPECT_EQ(Confined([=] { return kill(parent, 0); }), kKilled);
  EXPECT_EQ(Confined(Call(SYS_tgkill, parent, parent, 0)), kKilled);
  EXPECT_EQ(Confined(Call(SYS_tkill, parent, 0)), kKilled);
  EXPECT_EQ(Confined(Call(SYS_rt_tgsigqueueinfo, parent, parent, 0, nullptr)), kKilled);
  EXPECT_EQ(Confined(Call(SYS_pidfd_open, parent, 0)), kKilled);
  // The kernel would send one when a descriptor becomes ready.
  EXPECT_EQ(Confined(Call(SYS_fcntl, 0, F_SETOWN, parent)), kKilled);
}

TEST(ConfinementTest, MemoryThatIsWritableAndExecutableKills) {
  EXPECT_EQ(Confined([] {
              return mmap(nullptr, 4096, PROT_READ | PROT_WRITE | PROT_EXEC,
                          MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED
                         ? 1
                         : 0;
            }),
            kKilled);
  EXPECT_EQ(Confined([] {
              void* page =
                  mmap(nullptr, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return mprotect(page, 4096, PROT_WRITE | PROT_EXEC);
            }),
            kKilled);
  EXPECT_EQ(Confined(Call(SYS_pkey_mprotect, nullptr, 0, PROT_READ, -1)), kKilled);
}

TEST(ConfinementTest, OtherWaysOutKill) {
  const std::pair<const char*, std::function<int()>> ways[] = {
      {"ptrace", Call(SYS_ptrace, PTRACE_TRACEME, 0, 0, 0)},
      {"process_vm_readv", Call(SYS_process_vm_readv, getpid(), nullptr, 0, nullptr, 0, 0)},
      {"connect", Call(SYS_connect, 0, nullptr, 0)},
      {"sendto", Call(SYS_sendto, 0, nullptr, 0, 0, nullptr, 0)},
      {"unlink", Call(SYS_unlink, "/nonexistent")},
      {"rename", Call(SYS_rename, "/nonexistent", "/nonexistent2")},
      {"mkdir", Call(SYS_mkdir, "/nonexistent/x", 0700)},
      {"chmod", Call(SYS_chmod, "/nonexistent", 0700)},
      {"readlink", Call(SYS_readlink, "/proc/self/exe", nullptr, 0)},
      {"stat by name", Call(SYS_stat, "/etc/passwd", nullptr)},
      {"fstatat by name", Call(SYS_newfstatat, AT_FDCWD, "/etc/passwd", nullptr, 0)},
      {"access", Call(SYS_access, "/etc/passwd", 0)},
      {"getdents64", Call(SYS_getdents64, 0, nullptr, 0)},
      {"ioctl", Call(SYS_ioctl, 0, 0, 0)},
      {"dup2", Call(SYS_dup2, 0, 9)},
      {"prctl", Call(SYS_prctl, PR_SET_DUMPABLE, 1, 0, 0, 0)},
      {"prlimit64", Call(SYS_prlimit64, 0, RLIMIT_NOFILE, nullptr, nullptr)},
      {"setrlimit", Call(SYS_setrlimit, RLIMIT_NOFILE, nullptr)},
      {"setuid", Call(SYS_setuid, 0)},
      {"unshare", Call(SYS_unshare, 0)},
      {"mount", Call(SYS_mount, nullptr, nullptr, nullptr, 0, nullptr)},
      {"chroot", Call(SYS_chroot, "/")},
      {"bpf", Call(SYS_bpf, 0, nullptr, 0)},
      {"io_uring_setup", Call(SYS_io_uring_setup, 1, nullptr)},
      {"userfaultfd", Call(SYS_userfaultfd, 0)},
      {"perf_event_open", Call(SYS_perf_event_open, nullptr, 0, 0, 0, 0)},
      {"keyctl", Call(SYS_keyctl, 0, 0, 0, 0, 0)},
      {"shmget", Call(SYS_shmget, 0, 0, 0)},
      {"rt_sigaction", Call(SYS_rt_sigaction, SIGSYS, nullptr, nullptr, 8)},
      {"seccomp", Call(SYS_seccomp, 0, 0, nullptr)},
      {"an unknown call", Call(1000)},
  };
  for (const auto& [name, act] : ways) EXPECT_EQ(Confined(act), kKilled) << name;
}

#ifdef __x86_64__
TEST(ConfinementTest, TheCallsOfOtherAbisKill) {
  constexpr long kX32Bit = 0x40000000;
  EXPECT_EQ(Confined(Call(kX32Bit | SYS_getpid)), kKilled);
  EXPECT_EQ(Confined([] {
              long result = 20;  // getpid of the 32-bit table
              __asm__ volatile("int $0x80" : "+a"(result) : : "memory");
              return 0;
            }),
            kKilled);
}
#endif

TEST(ConfinementTest, WhatAWorkerNeedsGoesOn) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  EXPECT_EQ(Confined([&] {
              char byte = 'x';
              if (write(ends[1], &byte, 1) != 1 || read(ends[0], &byte, 1) != 1) return 1;
              void* page = mmap(nullptr, 1 << 20, PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              if (page == MAP_FAILED || mprotect(page, 4096, PROT_READ | PROT_EXEC) != 0) return 2;
              if (munmap(page, 1 << 20) != 0) return 3;
              timespec now{};
              if (clock_gettime(CLOCK_REALTIME, &now) != 0) return 4;
              struct stat status{};
              if (fstat(ends[0], &status) != 0) return 5;
              return close(ends[0]);
            }),
            "exit 0");
  close(ends[0]);
  close(ends[1]);
  EXPECT_EQ(Confined([]() -> int { std::abort(); }), "signal " + std::to_string(SIGABRT));
}

TEST(ConfinementTest, ThreadsThatRanBeforeAreConfinedToo) {
  const pid_t child = fork();
  if (child == 0) {
    std::atomic<bool> confined{false};
    std::thread other([&] {
      while (!confined) {
      }
      syscall(SYS_open, "/etc/passwd", O_RDONLY);
      _exit(0);
    });
    if (!Confine({.memory_bytes = kMemory})) _exit(kNotConfined);
    confined = true;
    other.join();
    _exit(1);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) << status;
}

TEST(ConfinementTest, MemoryHasALimit) {
#ifdef PLASM_SANITIZED
  GTEST_SKIP() << "a worker of a sanitizer build has no memory limit (worker/loop/confinement.cc)";
#endif
  EXPECT_EQ(Confined([] {
              void* much = mmap(nullptr, kMemory + (1 << 20), PROT_READ | PROT_WRITE,
                                MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
              return much == MAP_FAILED ? 0 : 1;
            }),
            "exit 0");
}

TEST(ConfinementTest, ForgettingTheParentClosesWhatItLeftOpen) {
  const pid_t child = fork();
  if (child == 0) {
    const int kept = dup2(0, 30);
    const int below = dup2(0, 20);
    const int above = dup2(0, 40);
    if (!ForgetParent(kept)) _exit(1);
    if (fcntl(kept, F_GETFD) < 0 || fcntl(0, F_GETFD) < 0) _exit(2);
    if (fcntl(below, F_GETFD) >= 0 || fcntl(above, F_GETFD) >= 0 || fcntl(3, F_GETFD) >= 0) {
      _exit(3);
    }
    int signal_with_parent = 0;
    prctl(PR_GET_PDEATHSIG, &signal_with_parent);
    _exit(signal_with_parent == SIGKILL ? 0 : 4);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace plasm::worker
