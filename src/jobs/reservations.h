// Places in a queue that are held for a while for jobs that are about to come. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <list>
#include <map>
#include <string>
#include <string_view>

namespace plasm::jobs {

// A place belongs to a client and has a name of its choice: that of the job to come. Times are
// monotonic nanoseconds, and no call's is earlier than that of the call before. Not thread-safe.
class Reservations {
 public:
  static constexpr std::uint64_t kSeconds = 30;  // that a place is held
  static constexpr std::size_t kMostOfClient = 256;
  static constexpr std::size_t kMost = 4096;  // of all clients

  enum class Held { kNew, kAgain, kNone };
  // Holds a place for kSeconds from now on; one that is held already, for as long again. kNone
  // when the client or all of them have as many as they may.
  Held Hold(const std::string& client, std::string_view name, std::uint64_t now_ns);
  // Gives the place up; whether it was held until now.
  bool Release(const std::string& client, std::string_view name, std::uint64_t now_ns);

  bool IsHeld(const std::string& client, std::string_view name, std::uint64_t now_ns);
  std::size_t Count(std::uint64_t now_ns);
  std::size_t CountOf(const std::string& client, std::uint64_t now_ns);

 private:
  struct Place {
    std::string client;
    std::string name;
    std::uint64_t expires_ns = 0;
  };
  using Places = std::list<Place>;
  using OfClient = std::map<std::string, Places::iterator, std::less<>>;  // by name; none is empty

  void Forget(std::uint64_t now_ns);
  void Remove(Places::iterator place);
  // The end of places_ when it is not held.
  Places::iterator Find(const std::string& client, std::string_view name);

  Places places_;  // the first to expire in front
  std::map<std::string, OfClient, std::less<>> clients_;
};

}  // namespace plasm::jobs
