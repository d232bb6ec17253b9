#include "wasi/call.h"

#include <array>
#include <cstddef>
#include <type_traits>
#include <utility>

#include "wasi/calls.h"

namespace plasm::wasi {
namespace {

CallResult ToResult(Errno error) {
  return {CallResult::Kind::kReturn, static_cast<std::uint32_t>(error)};
}
CallResult ToResult(CallResult result) { return result; }

// Derives the raw signature of a typed call, so that the table cannot disagree with it.
template <auto kFunction, class Signature = decltype(kFunction)>
struct Bound;

template <auto kFunction, class R, class... Params>
struct Bound<kFunction, R (*)(Host&, GuestMemory, Params...) noexcept> {
  static_assert((... && (sizeof(Params) == 4 || sizeof(Params) == 8)));
  static constexpr std::array<char, sizeof...(Params) + 1> kLetters = {
      (sizeof(Params) == 4 ? 'i' : 'I')..., '\0'};
  static constexpr std::string_view kParams{kLetters.data(), sizeof...(Params)};

  static CallResult Invoke(Host& host, GuestMemory memory,
                           std::span<const std::uint64_t> args) noexcept {
    return Spread(host, memory, args, std::index_sequence_for<Params...>());
  }

 private:
  template <std::size_t... kIndex>
  static CallResult Spread(Host& host, GuestMemory memory,
                           [[maybe_unused]] std::span<const std::uint64_t> args,
                           std::index_sequence<kIndex...>) noexcept {
    return ToResult(kFunction(host, memory, static_cast<Params>(args[kIndex])...));
  }
};

template <auto kFunction>
constexpr Call Bind(std::string_view name) {
  using B = Bound<kFunction>;
  return {name, B::kParams, true, &B::Invoke};
}

constexpr Call WithoutResult(Call call) {
  call.returns = false;
  return call;
}

constexpr std::array kCalls = {
    Bind<&calls::ArgsGet>("args_get"),
    Bind<&calls::ArgsSizesGet>("args_sizes_get"),
    Bind<&calls::ClockResGet>("clock_res_get"),
    Bind<&calls::ClockTimeGet>("clock_time_get"),
    Bind<&calls::EnvironGet>("environ_get"),
    Bind<&calls::EnvironSizesGet>("environ_sizes_get"),
    Bind<&calls::FdAdvise>("fd_advise"),
    Bind<&calls::FdAllocate>("fd_allocate"),
    Bind<&calls::FdClose>("fd_close"),
    Bind<&calls::FdDatasync>("fd_datasync"),
    Bind<&calls::FdFdstatGet>("fd_fdstat_get"),
    Bind<&calls::FdFdstatSetFlags>("fd_fdstat_set_flags"),
    Bind<&calls::FdFdstatSetRights>("fd_fdstat_set_rights"),
    Bind<&calls::FdFilestatGet>("fd_filestat_get"),
    Bind<&calls::FdFilestatSetSize>("fd_filestat_set_size"),
    Bind<&calls::FdFilestatSetTimes>("fd_filestat_set_times"),
    Bind<&calls::FdPread>("fd_pread"),
    Bind<&calls::FdPrestatDirName>("fd_prestat_dir_name"),
    Bind<&calls::FdPrestatGet>("fd_prestat_get"),
    Bind<&calls::FdPwrite>("fd_pwrite"),
    Bind<&calls::FdRead>("fd_read"),
    Bind<&calls::FdReaddir>("fd_readdir"),
    Bind<&calls::FdRenumber>("fd_renumber"),
    Bind<&calls::FdSeek>("fd_seek"),
    Bind<&calls::FdSync>("fd_sync"),
    Bind<&calls::FdTell>("fd_tell"),
    Bind<&calls::FdWrite>("fd_write"),
    Bind<&calls::PathCreateDirectory>("path_create_directory"),
    Bind<&calls::PathFilestatGet>("path_filestat_get"),
    Bind<&calls::PathFilestatSetTimes>("path_filestat_set_times"),
    Bind<&calls::PathLink>("path_link"),
    Bind<&calls::PathOpen>("path_open"),
    Bind<&calls::PathReadlink>("path_readlink"),
    Bind<&calls::PathRemoveDirectory>("path_remove_directory"),
    Bind<&calls::PathRename>("path_rename"),
    Bind<&calls::PathSymlink>("path_symlink"),
    Bind<&calls::PathUnlinkFile>("path_unlink_file"),
    Bind<&calls::PollOneoff>("poll_oneoff"),
    WithoutResult(Bind<&calls::ProcExit>("proc_exit")),
    Bind<&calls::ProcRaise>("proc_raise"),
    Bind<&calls::RandomGet>("random_get"),
    Bind<&calls::SchedYield>("sched_yield"),
    Bind<&calls::SockAccept>("sock_accept"),
    Bind<&calls::SockRecv>("sock_recv"),
    Bind<&calls::SockSend>("sock_send"),
    Bind<&calls::SockShutdown>("sock_shutdown"),
};

static_assert(kCalls.size() == 46);

}  // namespace

std::span<const Call> Calls() { return kCalls; }

}  // namespace plasm::wasi
