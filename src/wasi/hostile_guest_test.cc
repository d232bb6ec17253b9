// Properties that hold whatever a guest passes: nothing outside its memory is touched, the
// same calls have the same effects, and a call that fails has none on the memory.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "wasi/testing/guest.h"

namespace plasm::wasi {
namespace {

using testing::Guest;

constexpr std::size_t kMemory = 8192;
constexpr std::size_t kGuard = 4096;
constexpr std::byte kCanary{0xa5};

class HostileGuest {
 public:
  explicit HostileGuest(std::uint32_t seed)
      : random_(seed), streams_(clock_), buffer_(kMemory + 2 * kGuard, kCanary) {
    FileTree tree;
    const auto root = tree.AddPreopen("/");
    (void)tree.AddFile(*root, "dir/file", AsBytes("contents of a file"));
    (void)tree.AddSymlink(*root, "link", "dir/file");
    (void)tree.AddSymlink(*root, "loop", "loop");
    HostConfig config = Guest::DefaultConfig();
    config.limits = {
        .output_bytes = 4096, .file_bytes = 65536, .file_nodes = 200, .open_descriptors = 40};
    streams_.input = std::string(1000, 'i');
    host_ = std::make_unique<Host>(config, std::move(tree), streams_, clock_, entropy_);
    std::generate(Memory().begin(), Memory().end(),
                  [&] { return static_cast<std::byte>(random_() & 7); });
    for (std::size_t i = 0; i < kPaths.size(); ++i) PutText(PathAt(i), kPaths[i]);
  }

  // One call with arguments that are sometimes sensible; what the guest can tell about it.
  std::string Step() {
    const Call& call = Calls()[random_() % Calls().size()];
    std::vector<std::uint64_t> args;
    // A path and its length only make sense together: pick them as one.
    const std::size_t path = random_() % kPaths.size();
    for (std::size_t i = 0; i < call.params.size(); ++i) {
      args.push_back(Argument(call.params[i], path));
    }
    if (random_() % 2 == 0) {
      for (std::size_t i = 0; i + 1 < args.size(); ++i) {
        if (call.name.starts_with("path_") && args[i] == PathAt(path)) {
          args[i + 1] = kPaths[path].size();
        }
      }
    }
    std::memcpy(before_.data(), Memory().data(), kMemory);
    const CallResult result = call.invoke(*host_, GuestMemory(Memory()), args);
    const bool failed = result.kind == CallResult::Kind::kReturn && result.value != 0;
    wrote_on_failure_ |= failed && std::memcmp(before_.data(), Memory().data(), kMemory) != 0;
    return std::string(call.name) + ":" + std::to_string(static_cast<int>(result.kind)) + ":" +
           std::to_string(result.value);
  }

  bool GuardsIntact() const {
    const auto intact = [](std::byte b) { return b == kCanary; };
    return std::all_of(buffer_.begin(), buffer_.begin() + kGuard, intact) &&
           std::all_of(buffer_.end() - kGuard, buffer_.end(), intact);
  }
  bool wrote_on_failure() const { return wrote_on_failure_; }
  std::span<std::byte> Memory() { return std::span(buffer_).subspan(kGuard, kMemory); }
  const std::string& output() const { return streams_.out; }

 private:
  inline static const std::array<std::string, 10> kPaths = {
      "dir", "dir/file", "link", "loop", "new", "dir/new", "..", "dir/../dir/", "/", "\xff"};

  static Pointer PathAt(std::size_t index) { return static_cast<Pointer>(512 + 32 * index); }
  void PutText(Pointer at, std::string_view text) {
    std::copy_n(AsBytes(text).begin(), text.size(), Memory().begin() + at);
  }

  std::uint64_t Argument(char letter, std::size_t path) {
    switch (random_() % 10) {
      case 0:
        return PathAt(path);
      case 1:
        return random_() % 12;
      case 2:
        return random_() % 12;
      case 3:
        return random_() % kMemory;
      case 4:
        return kMemory - random_() % 64;
      case 5:
        return letter == 'i' ? 0xffffffff - random_() % 3 : ~0ull - random_() % 3;
      case 6:
        return letter == 'i' ? 0x80000000 : 1ull << 63;
      case 7:
        return 0;
      case 8:
        return 1u << (random_() % 31);
      default:
        return letter == 'i' ? random_() : std::uint64_t{random_()} << 32 | random_();
    }
  }

  std::mt19937 random_;
  testing::FakeClock clock_;
  testing::FakeStreams streams_;
  testing::FakeEntropy entropy_;
  std::vector<std::byte> buffer_;
  std::unique_ptr<Host> host_;
  std::array<std::byte, kMemory> before_;
  bool wrote_on_failure_ = false;
};

TEST(HostileGuestTest, CannotReachOutsideItsMemoryAndFailsWithoutTrace) {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    HostileGuest guest(seed);
    for (int step = 0; step < 2'000; ++step) (void)guest.Step();
    ASSERT_TRUE(guest.GuardsIntact()) << "seed " << seed;
    ASSERT_FALSE(guest.wrote_on_failure()) << "seed " << seed;
  }
}

TEST(HostileGuestTest, SeesTheSameEveryTime) {
  for (std::uint32_t seed = 1000; seed < 1010; ++seed) {
    HostileGuest first(seed), second(seed);
    for (int step = 0; step < 2'000; ++step) {
      ASSERT_EQ(first.Step(), second.Step()) << "seed " << seed << ", step " << step;
    }
    EXPECT_TRUE(std::ranges::equal(first.Memory(), second.Memory()));
    EXPECT_EQ(first.output(), second.output());
  }
}

TEST(HostileGuestTest, GetsAFaultForEveryPointerJustPastTheEnd) {
  // Everything that takes a pointer to a result of at least one byte, given one at the end.
  for (const Call& call : Calls()) {
    if (call.params.empty() || call.name.starts_with("sock_")) continue;
    Guest guest;
    std::vector<std::uint64_t> args(call.params.size(), 0);
    args.back() = guest.bytes.size();
    const bool ends_in_pointer =
        call.name.ends_with("_get") || call.name == "fd_read" || call.name == "fd_write" ||
        call.name == "fd_pread" || call.name == "fd_pwrite" || call.name == "fd_seek" ||
        call.name == "fd_tell" || call.name == "fd_readdir" || call.name == "path_open" ||
        call.name == "path_readlink" || call.name == "poll_oneoff";
    if (!ends_in_pointer || call.name == "random_get") continue;
    const CallResult result = call.invoke(guest.host, guest.memory(), args);
    EXPECT_EQ(static_cast<Errno>(result.value), Errno::kFault) << call.name;
  }
}

TEST(HostileGuestTest, CanBeAnEmptyMemory) {
  Guest guest;
  guest.bytes.clear();
  for (const Call& call : Calls()) {
    for (const std::uint64_t fill : {0ull, 1ull, 3ull, ~0ull}) {
      const std::vector<std::uint64_t> args(call.params.size(), fill);
      (void)call.invoke(guest.host, guest.memory(), args);
    }
  }
}

}  // namespace
}  // namespace plasm::wasi
