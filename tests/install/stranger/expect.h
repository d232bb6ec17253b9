// What the cases of stranger.cc are written with.
#pragma once

#include <plasm/plasm.h>

#include <cstddef>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

using Words = std::vector<std::string>;

#define EXPECT(condition)                                                               \
  do {                                                                                  \
    if (!(condition)) {                                                                 \
      throw std::logic_error("line " + std::to_string(__LINE__) + ": not " #condition); \
    }                                                                                   \
  } while (false)

inline std::string Text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

inline std::vector<std::byte> Bytes(std::string_view text) {
  const auto* first = reinterpret_cast<const std::byte*>(text.data());
  return {first, first + text.size()};
}

inline std::string FileText(const std::filesystem::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// The code of the error that the call ends with.
inline plasm::ErrorCode CodeOf(const std::function<void()>& call) {
  try {
    call();
  } catch (const plasm::Error& error) {
    EXPECT(!std::string_view(error.what()).empty());
    return error.code();
  }
  throw std::logic_error("it did not fail");
}

inline plasm::JobSpec Job(const std::string& module, Words args = {}) {
  plasm::JobSpec job;
  job.module_file = module;
  job.args = std::move(args);
  return job;
}
