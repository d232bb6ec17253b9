// The head of a response as it is sent. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace plasm::net {

class ResponseText {
 public:
  // With the Date of net/http_date.h.
  ResponseText(int status, std::string_view date);

  // Whether the header may stand in a response: no line ends, and none of those that the server
  // writes itself.
  static bool MayAdd(std::string_view name, std::string_view value);
  void Add(std::string_view name, std::string_view value);

  // One of these completes the head.
  void EndWithLength(std::uint64_t length);
  void EndWithChunks();
  void End();

  std::string Take() && { return std::move(text_); }

 private:
  std::string text_;
};

}  // namespace plasm::net
