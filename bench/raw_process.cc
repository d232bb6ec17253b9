#include "raw_process.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "guest.h"
#include "raw_loop.h"

namespace plasm::bench {
namespace {

[[noreturn]] void Serve(int socket) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  RawLoop loop(Artefact());
  std::uint32_t jobs = 0;
  while (recv(socket, &jobs, sizeof(jobs), 0) == sizeof(jobs)) {
    for (std::uint32_t i = 0; i < jobs; ++i) loop.RunOnce();
    if (send(socket, &jobs, sizeof(jobs), MSG_NOSIGNAL) != sizeof(jobs)) break;
  }
  _exit(0);
}

}  // namespace

RawProcess::RawProcess() {
  Artefact();  // compiled once, by the parent
  int pair[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) != 0) Fail("no socket");
  pid_ = fork();
  if (pid_ < 0) Fail("no process");
  if (pid_ == 0) {
    close(pair[0]);
    Serve(pair[1]);
  }
  close(pair[1]);
  socket_.Reset(pair[0]);
}

RawProcess::~RawProcess() {
  kill(pid_, SIGKILL);
  waitpid(pid_, nullptr, 0);
}

void RawProcess::Start(std::uint32_t jobs) {
  if (send(socket_.get(), &jobs, sizeof(jobs), MSG_NOSIGNAL) != sizeof(jobs)) Fail("not started");
}

void RawProcess::Await() {
  std::uint32_t jobs = 0;
  if (recv(socket_.get(), &jobs, sizeof(jobs), 0) != sizeof(jobs)) Fail("a raw process died");
}

}  // namespace plasm::bench
