// Another program as a child: no shell, no environment, and of our descriptors only those that it
// is given.
#pragma once

#include <spawn.h>
#include <sys/types.h>

#include <filesystem>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace plasm {

// What the child's descriptors are, step by step in the order of the calls. Ours that are
// close-on-exec are not among them.
class ChildDescriptors {
 public:
  ChildDescriptors();
  ~ChildDescriptors();
  ChildDescriptors(const ChildDescriptors&) = delete;
  ChildDescriptors& operator=(const ChildDescriptors&) = delete;

  void Open(int fd, const char* path, int flags);
  // Also onto itself: it then stays open in the child.
  void Duplicate(int ours, int fd);
  void CloseFrom(int fd);

 private:
  friend class Child;
  posix_spawn_file_actions_t actions_;
};

// Not thread-safe. The destructor kills the child and reaps it.
class Child {
 public:
  // Does not wait for it. Signals are as by default, and it has a process group of its own. Errors
  // name the program.
  static Result<Child> Start(const std::filesystem::path& program,
                             const std::vector<std::string>& args,
                             const ChildDescriptors& descriptors);

  Child() = default;  // none
  Child(Child&& other) noexcept : pid_(std::exchange(other.pid_, -1)) {}
  Child& operator=(Child&& other) noexcept;
  ~Child() { Kill(); }

  pid_t pid() const { return pid_; }  // -1: none

  // Kills with SIGKILL and reaps. Returns how it had ended, for people: "exited with status 1",
  // "killed by signal 31 (…)". One that has ended by itself keeps its own status.
  std::string Kill();
  // The same without the signal: blocks until it has ended.
  std::string WaitForEnd();

 private:
  pid_t pid_ = -1;
};

// One of this project's programs: beside the running one, or in ../libexec/plasm from it;
// kUnavailable.
Result<std::filesystem::path> FindOwnProgram(std::string_view name);

}  // namespace plasm
