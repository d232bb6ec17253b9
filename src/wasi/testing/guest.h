// For tests: a guest without an engine. It has a memory, puts arguments there, and calls the
// raw table as the sandbox does.
#pragma once

#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <optional>
#include <ostream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "wasi/call.h"
#include "wasi/host.h"
#include "wasi/testing/fakes.h"

namespace plasm::wasi {

inline void PrintTo(Errno error, std::ostream* out) { *out << "errno " << static_cast<int>(error); }

}  // namespace plasm::wasi

namespace plasm::wasi::testing {

inline const Call& CallNamed(std::string_view name) {
  for (const Call& call : Calls()) {
    if (call.name == name) return call;
  }
  throw std::logic_error("no call named " + std::string(name));
}

struct Stat {
  std::uint64_t device, inode;
  std::uint8_t type;
  std::uint64_t links, size, accessed, modified, changed;
};

struct Listed {
  std::uint64_t next, inode;
  std::uint8_t type;
  std::string name;
};

class Guest {
 public:
  // Where results are put, and from where arguments are laid out.
  static constexpr Pointer kResult = 64;
  static constexpr Pointer kScratch = 1024;
  static constexpr std::uint64_t kStart = 1'600'000'000'000'000'000;
  static constexpr Fd kRoot = 3;  // the preopened folder of DefaultTree()

  static FileTree DefaultTree() {
    FileTree tree;
    (void)tree.AddPreopen("/");
    return tree;
  }
  static HostConfig DefaultConfig() {
    HostConfig config;
    config.args = {"program", "one"};
    config.env = {"KEY=value"};
    config.start_time_ns = kStart;
    return config;
  }

  explicit Guest(FileTree tree = DefaultTree(), HostConfig config = DefaultConfig())
      : streams(clock), host(std::move(config), std::move(tree), streams, clock, entropy) {}

  GuestMemory memory() { return GuestMemory(bytes); }

  CallResult Raw(std::string_view name, std::initializer_list<std::uint64_t> args) {
    return CallNamed(name).invoke(host, memory(), std::vector<std::uint64_t>(args));
  }
  // For calls that return.
  Errno operator()(std::string_view name, std::initializer_list<std::uint64_t> args) {
    const CallResult result = Raw(name, args);
    if (result.kind != CallResult::Kind::kReturn) throw std::logic_error("the guest ended");
    return static_cast<Errno>(result.value);
  }

  template <class T>
  T Get(Pointer at = kResult) {
    return *memory().Load<T>(at);
  }
  Pointer Put(std::string_view text, Pointer at = kScratch) {
    std::memcpy(memory().Slice(at, text.size())->data(), text.data(), text.size());
    return at;
  }
  std::string Text(Pointer at, std::size_t size) {
    return std::string(AsText(*memory().Slice(at, size)));
  }

  // ---- calls with everything that most tests do not care about left out ----

  struct OpenOptions {
    std::uint32_t lookup = 0;
    std::uint32_t flags = 0;
    rights::Mask base = rights::kFdRead | rights::kFdWrite;
    rights::Mask inheriting = 0;
    std::uint32_t fd_flags = 0;
    Fd from = kRoot;
  };
  Errno TryOpen(std::string_view path, const OpenOptions& options) {
    return (*this)("path_open",
                   {options.from, options.lookup, Put(path), path.size(), options.flags,
                    options.base, options.inheriting, options.fd_flags, kResult});
  }
  Fd Open(std::string_view path, const OpenOptions& options) {
    const Errno error = TryOpen(path, options);
    if (error != Errno::kSuccess) {
      throw std::runtime_error("path_open " + std::string(path) + ": errno " +
                               std::to_string(static_cast<int>(error)));
    }
    return Get<Fd>();
  }
  Fd OpenDirectory(std::string_view path, Fd from = kRoot) {
    return Open(path, {.flags = oflags::kDirectory, .base = 0, .from = from});
  }
  Fd Create(std::string_view path, Fd from = kRoot) {
    return Open(path, {.flags = oflags::kCreat, .from = from});
  }
  void MakeFile(std::string_view path, std::string_view contents = "") {
    const Fd fd = Create(path);
    Write(fd, contents);
    Close(fd);
  }
  Errno Close(Fd fd) { return (*this)("fd_close", {fd}); }

  // One buffer, at kScratch + 4096.
  static constexpr Pointer kVector = kScratch + 2048;
  static constexpr Pointer kBuffer = kScratch + 4096;
  void PutVector(Pointer buffer, Size size) {
    memory().Store(kVector, buffer);
    memory().Store(kVector + 4, size);
  }
  Errno Write(Fd fd, std::string_view text) {
    PutVector(Put(text, kBuffer), static_cast<Size>(text.size()));
    return (*this)("fd_write", {fd, kVector, 1, kResult});
  }
  Errno Pwrite(Fd fd, std::string_view text, std::uint64_t offset) {
    PutVector(Put(text, kBuffer), static_cast<Size>(text.size()));
    return (*this)("fd_pwrite", {fd, kVector, 1, offset, kResult});
  }
  Errno TryRead(Fd fd, Size size) {
    PutVector(kBuffer, size);
    return (*this)("fd_read", {fd, kVector, 1, kResult});
  }
  std::string Read(Fd fd, Size size) {
    if (TryRead(fd, size) != Errno::kSuccess) throw std::runtime_error("fd_read");
    return Text(kBuffer, Get<Size>());
  }
  std::string Pread(Fd fd, Size size, std::uint64_t offset) {
    PutVector(kBuffer, size);
    if ((*this)("fd_pread", {fd, kVector, 1, offset, kResult}) != Errno::kSuccess) {
      throw std::runtime_error("fd_pread");
    }
    return Text(kBuffer, Get<Size>());
  }
  std::string Contents(std::string_view path) {
    const Fd fd = Open(path, {.base = rights::kFdRead});
    std::string contents = Read(fd, 30'000);
    Close(fd);
    return contents;
  }

  Errno OnPath(std::string_view call, std::string_view path, Fd from = kRoot) {
    return (*this)(call, {from, Put(path), path.size()});
  }
  Errno MakeDirectory(std::string_view path, Fd from = kRoot) {
    return OnPath("path_create_directory", path, from);
  }
  Errno Unlink(std::string_view path) { return OnPath("path_unlink_file", path); }
  Errno RemoveDirectory(std::string_view path) { return OnPath("path_remove_directory", path); }
  Errno Symlink(std::string_view target, std::string_view path) {
    return (*this)("path_symlink",
                   {Put(target), target.size(), kRoot, Put(path, kBuffer), path.size()});
  }
  Errno Link(std::string_view from, std::string_view to, std::uint32_t lookup = 0) {
    return (*this)("path_link",
                   {kRoot, lookup, Put(from), from.size(), kRoot, Put(to, kBuffer), to.size()});
  }
  Errno Rename(std::string_view from, std::string_view to) {
    return (*this)("path_rename",
                   {kRoot, Put(from), from.size(), kRoot, Put(to, kBuffer), to.size()});
  }
  Errno TryStat(std::string_view path, std::uint32_t lookup = 0) {
    return (*this)("path_filestat_get", {kRoot, lookup, Put(path), path.size(), kResult});
  }
  Stat StatOf(std::string_view path, std::uint32_t lookup = 0) {
    if (TryStat(path, lookup) != Errno::kSuccess) throw std::runtime_error("path_filestat_get");
    return StatAtResult();
  }
  Stat StatOf(Fd fd) {
    if ((*this)("fd_filestat_get", {fd, kResult}) != Errno::kSuccess) {
      throw std::runtime_error("fd_filestat_get");
    }
    return StatAtResult();
  }

  // All entries, read with a buffer of `buffer_size`.
  std::vector<Listed> List(Fd fd, Size buffer_size = 4096, std::uint64_t cookie = 0) {
    std::vector<Listed> all;
    while (true) {
      if ((*this)("fd_readdir", {fd, kBuffer, buffer_size, cookie, kResult}) != Errno::kSuccess) {
        throw std::runtime_error("fd_readdir");
      }
      const Size used = Get<Size>();
      for (Size at = 0; used - at >= 24;) {
        Listed entry{Get<std::uint64_t>(kBuffer + at),
                     Get<std::uint64_t>(kBuffer + at + 8),
                     Get<std::uint8_t>(kBuffer + at + 20),
                     {}};
        const Size length = Get<std::uint32_t>(kBuffer + at + 16);
        if (used - at < 24 + length) break;
        entry.name = Text(kBuffer + at + 24, length);
        cookie = entry.next;
        all.push_back(std::move(entry));
        at += 24 + length;
      }
      if (used < buffer_size) return all;
    }
  }
  std::vector<std::string> Names(Fd fd, Size buffer_size = 4096) {
    std::vector<std::string> names;
    for (Listed& entry : List(fd, buffer_size)) names.push_back(std::move(entry.name));
    return names;
  }

  std::uint64_t Time(std::uint32_t id) {
    if ((*this)("clock_time_get", {id, 0, kResult}) != Errno::kSuccess) {
      throw std::runtime_error("clock_time_get");
    }
    return Get<std::uint64_t>();
  }

  FakeClock clock;
  FakeStreams streams;
  FakeEntropy entropy;
  std::vector<std::byte> bytes = std::vector<std::byte>(65536);
  Host host;

 private:
  Stat StatAtResult() {
    return {Get<std::uint64_t>(kResult),      Get<std::uint64_t>(kResult + 8),
            Get<std::uint8_t>(kResult + 16),  Get<std::uint64_t>(kResult + 24),
            Get<std::uint64_t>(kResult + 32), Get<std::uint64_t>(kResult + 40),
            Get<std::uint64_t>(kResult + 48), Get<std::uint64_t>(kResult + 56)};
  }
};

}  // namespace plasm::wasi::testing
