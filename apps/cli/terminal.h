// What is different at a terminal: colour and progress. In a pipe there is neither.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace plasm::app {

enum class Colour { kGreen, kYellow, kRed };

// The text in this colour when `stream` is a terminal and NO_COLOR is not set; else as it is.
std::string Coloured(std::string_view text, Colour colour, std::FILE* stream);

// One line on a terminal's standard error that is written again and again; nothing elsewhere.
// One thread at a time.
class ProgressLine {
 public:
  explicit ProgressLine(std::string label);
  ~ProgressLine() { Clear(); }
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Draws only when the picture changes. `all` zero: it is not known.
  void Show(std::uint64_t done, std::uint64_t all);
  // The label alone: nobody knows how long it takes.
  void Show();
  // Before something else is printed.
  void Clear();

 private:
  void Draw(std::string picture);

  std::string label_;
  bool at_terminal_;
  std::string shown_;
};

}  // namespace plasm::app
