#include "cli/terminal.h"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace plasm::app {
namespace {

constexpr std::uint64_t kBarWidth = 24;

const char* CodeOf(Colour colour) {
  switch (colour) {
    case Colour::kGreen:
      return "\033[32m";
    case Colour::kYellow:
      return "\033[33m";
    case Colour::kRed:
      return "\033[31m";
  }
  return "";
}

std::string Picture(const std::string& label, std::uint64_t done, std::uint64_t all) {
  if (all == 0) return label + " " + std::to_string(done);
  const std::uint64_t filled = std::min(done, all) * kBarWidth / all;
  return label + " [" + std::string(filled, '=') + std::string(kBarWidth - filled, ' ') + "] " +
         std::to_string(done) + "/" + std::to_string(all);
}

}  // namespace

std::string Coloured(std::string_view text, Colour colour, std::FILE* stream) {
  const char* const no_colour = std::getenv("NO_COLOR");
  if (isatty(fileno(stream)) == 0 || (no_colour != nullptr && *no_colour != '\0')) {
    return std::string(text);
  }
  return CodeOf(colour) + std::string(text) + "\033[0m";
}

ProgressLine::ProgressLine(std::string label)
    : label_(std::move(label)), at_terminal_(isatty(STDERR_FILENO) != 0) {}

void ProgressLine::Show(std::uint64_t done, std::uint64_t all) { Draw(Picture(label_, done, all)); }

void ProgressLine::Show() { Draw(label_); }

void ProgressLine::Draw(std::string picture) {
  if (!at_terminal_ || picture == shown_) return;
  std::fprintf(stderr, "\r\033[K%s", picture.c_str());
  std::fflush(stderr);
  shown_ = std::move(picture);
}

void ProgressLine::Clear() {
  if (shown_.empty()) return;
  std::fputs("\r\033[K", stderr);
  std::fflush(stderr);
  shown_.clear();
}

}  // namespace plasm::app
