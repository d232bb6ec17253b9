// Numbers, flags and rights of preview1, with the values of its interface definition.
#pragma once

#include <cstdint>

namespace plasm::wasi {

using Fd = std::uint32_t;
using Pointer = std::uint32_t;  // an address in guest memory, unchecked
using Size = std::uint32_t;
using Timestamp = std::uint64_t;  // nanoseconds

enum class Filetype : std::uint8_t {
  kUnknown = 0,
  kDirectory = 3,
  kRegularFile = 4,
  kSymbolicLink = 7,
};

namespace lookupflags {
inline constexpr std::uint32_t kSymlinkFollow = 1;
inline constexpr std::uint32_t kAll = 1;
}  // namespace lookupflags

namespace oflags {
inline constexpr std::uint32_t kCreat = 1;
inline constexpr std::uint32_t kDirectory = 2;
inline constexpr std::uint32_t kExcl = 4;
inline constexpr std::uint32_t kTrunc = 8;
inline constexpr std::uint32_t kAll = 15;
}  // namespace oflags

namespace fdflags {
inline constexpr std::uint32_t kAppend = 1;
inline constexpr std::uint32_t kDsync = 2;
inline constexpr std::uint32_t kNonblock = 4;
inline constexpr std::uint32_t kRsync = 8;
inline constexpr std::uint32_t kSync = 16;
inline constexpr std::uint32_t kAnySync = kDsync | kRsync | kSync;
inline constexpr std::uint32_t kAll = 31;
}  // namespace fdflags

namespace fstflags {
inline constexpr std::uint32_t kAtim = 1;
inline constexpr std::uint32_t kAtimNow = 2;
inline constexpr std::uint32_t kMtim = 4;
inline constexpr std::uint32_t kMtimNow = 8;
inline constexpr std::uint32_t kAll = 15;
}  // namespace fstflags

namespace rights {
using Mask = std::uint64_t;
inline constexpr Mask kFdDatasync = 1ull << 0;
inline constexpr Mask kFdRead = 1ull << 1;
inline constexpr Mask kFdSeek = 1ull << 2;
inline constexpr Mask kFdFdstatSetFlags = 1ull << 3;
inline constexpr Mask kFdSync = 1ull << 4;
inline constexpr Mask kFdTell = 1ull << 5;
inline constexpr Mask kFdWrite = 1ull << 6;
inline constexpr Mask kFdAdvise = 1ull << 7;
inline constexpr Mask kFdAllocate = 1ull << 8;
inline constexpr Mask kPathCreateDirectory = 1ull << 9;
inline constexpr Mask kPathCreateFile = 1ull << 10;
inline constexpr Mask kPathLinkSource = 1ull << 11;
inline constexpr Mask kPathLinkTarget = 1ull << 12;
inline constexpr Mask kPathOpen = 1ull << 13;
inline constexpr Mask kFdReaddir = 1ull << 14;
inline constexpr Mask kPathReadlink = 1ull << 15;
inline constexpr Mask kPathRenameSource = 1ull << 16;
inline constexpr Mask kPathRenameTarget = 1ull << 17;
inline constexpr Mask kPathFilestatGet = 1ull << 18;
inline constexpr Mask kPathFilestatSetSize = 1ull << 19;
inline constexpr Mask kPathFilestatSetTimes = 1ull << 20;
inline constexpr Mask kFdFilestatGet = 1ull << 21;
inline constexpr Mask kFdFilestatSetSize = 1ull << 22;
inline constexpr Mask kFdFilestatSetTimes = 1ull << 23;
inline constexpr Mask kPathSymlink = 1ull << 24;
inline constexpr Mask kPathRemoveDirectory = 1ull << 25;
inline constexpr Mask kPathUnlinkFile = 1ull << 26;
inline constexpr Mask kPollFdReadwrite = 1ull << 27;
inline constexpr Mask kSockShutdown = 1ull << 28;
inline constexpr Mask kSockAccept = 1ull << 29;
inline constexpr Mask kAll = (1ull << 30) - 1;

// What a descriptor of each kind can carry; spec/profile-det-1.md, "Rights".
inline constexpr Mask kOfDirectory =
    kPathCreateDirectory | kPathCreateFile | kPathLinkSource | kPathLinkTarget | kPathOpen |
    kFdReaddir | kPathReadlink | kPathRenameSource | kPathRenameTarget | kPathSymlink |
    kPathRemoveDirectory | kPathUnlinkFile | kPathFilestatGet | kPathFilestatSetSize |
    kPathFilestatSetTimes | kFdFilestatGet | kFdFilestatSetTimes | kFdSync | kFdDatasync;
inline constexpr Mask kOfFile = kFdDatasync | kFdRead | kFdSeek | kFdFdstatSetFlags | kFdSync |
                                kFdTell | kFdWrite | kFdAdvise | kFdAllocate | kFdFilestatGet |
                                kFdFilestatSetSize | kFdFilestatSetTimes | kPollFdReadwrite;
inline constexpr Mask kOfStdin = kFdRead | kFdFdstatSetFlags | kFdFilestatGet | kPollFdReadwrite;
inline constexpr Mask kOfOutput = kFdWrite | kFdFdstatSetFlags | kFdFilestatGet | kPollFdReadwrite;
}  // namespace rights

}  // namespace plasm::wasi
