// Sockets that clients connect to.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"

namespace plasm::net {

// A bound, listening, non-blocking socket. What kind it is decides how it is spoken on: TLS on
// TCP, plain HTTP on a Unix socket. Move-only.
class Listener {
 public:
  enum class Kind { kTls, kUnix };

  // "127.0.0.1:7420", "[::1]:7420": literal addresses, no names. Port 0 takes a free one.
  static Result<Listener> OnTcp(std::string_view address);

  // A socket file of mode 0600 (whatever the umask), in a folder that exists. A file that a dead
  // process left there is replaced; kConflict when somebody answers on it, kInvalid when it is
  // not a socket. The file is removed when this ends.
  static Result<Listener> OnUnix(const std::filesystem::path& path);

  // A socket that was inherited. kInvalid unless it listens, on TCP or on a Unix socket.
  static Result<Listener> FromDescriptor(UniqueFd fd);

  Listener(Listener&&) = default;
  Listener& operator=(Listener&&) = default;
  ~Listener();

  Kind kind() const { return kind_; }
  int fd() const { return fd_.get(); }
  // As it is bound: "127.0.0.1:41235", "[::1]:7420", "unix:/run/plasm/socket".
  const std::string& address() const { return address_; }
  std::uint16_t port() const { return port_; }  // 0 for a Unix socket

 private:
  struct Path {  // empties when moved from, so that a file has one owner
    std::filesystem::path value;
    Path() = default;
    Path(Path&& other) noexcept : value(std::move(other.value)) { other.value.clear(); }
    Path& operator=(Path&& other) noexcept {
      std::swap(value, other.value);
      return *this;
    }
  };
  Listener() = default;

  Kind kind_ = Kind::kTls;
  UniqueFd fd_;
  std::string address_;
  std::uint16_t port_ = 0;
  Path remove_;
};

}  // namespace plasm::net
