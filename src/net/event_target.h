// Something that epoll reports about.
#pragma once

#include <cstdint>

namespace plasm::net {

class EventTarget {
 public:
  virtual ~EventTarget() = default;
  virtual void OnEvents(std::uint32_t events) = 0;  // EPOLLIN and so on
};

}  // namespace plasm::net
