// Another program as a child, its standard streams connected. No shell, no environment.
#pragma once

#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/child.h"
#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::discovery {

// Not thread-safe. The destructor kills the child and reaps it.
class ChildProcess {
 public:
  // Does not wait for it. Its descriptors are the three streams alone; signals are as by default.
  static Result<ChildProcess> Start(const std::filesystem::path& program,
                                    const std::vector<std::string>& args);

  // Ours, not blocking. The first is a socket, so that a send to a child that has ended need not
  // raise SIGPIPE (MSG_NOSIGNAL).
  int input() const { return input_.get(); }
  int output() const { return output_.get(); }
  pid_t pid() const { return child_.pid(); }

  // Kills and reaps. Returns how it had ended, for people, with what it said last on its standard
  // error as one line: "exited with status 1: …".
  std::string Kill();

  // The same for one that has closed its output, without the signal: blocks until it has ended.
  std::string WaitForEnd();
  static constexpr std::string_view kEndedWell = "exited with status 0";

 private:
  ChildProcess() = default;
  std::string EndBy(std::string (Child::*end)());

  UniqueFd input_;
  UniqueFd output_;
  UniqueFd errors_;
  Child child_;  // ends before they are closed
};

// The program of this name in the usual folders of the system; kNotFound.
Result<std::filesystem::path> FindSystemProgram(std::string_view name);

}  // namespace plasm::discovery
