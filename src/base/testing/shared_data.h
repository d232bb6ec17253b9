// For tests: data that is published with the project but not part of its source tree.
// Built only where PLASM_SHARED_DIR is defined: plasm_test(… SHARED_DATA).
#pragma once

#include <filesystem>
#include <string>

namespace plasm::testing {

inline std::filesystem::path SharedData(const std::string& name) {
  return std::filesystem::path(PLASM_SHARED_DIR) / name;
}

}  // namespace plasm::testing

// Skips the test, saying what is missing and how to point at it.
#define PLASM_SKIP_WITHOUT(path)                                                         \
  if (!std::filesystem::exists(path))                                                    \
  GTEST_SKIP() << "missing " << (path) << ": configure with -DPLASM_SHARED_DIR=<folder>" \
               << " to run this test"
