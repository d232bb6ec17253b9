// For tests: entries, and a log that has some.
#pragma once

#include <string>
#include <vector>

#include "base/bytes.h"
#include "base/result.h"
#include "tlog/log_writer.h"

namespace plasm::tlog::testing {

inline std::string EntryText(std::uint64_t number, const std::string& kind = "entry") {
  return kind + " " + std::to_string(number);
}

// Entries `first`, `first` + 1, …, `first` + `count` - 1 in one group.
inline Result<std::uint64_t> AppendEntries(LogWriter& log, std::uint64_t first, std::size_t count,
                                           const std::string& kind = "entry") {
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < count; ++i) texts.push_back(EntryText(first + i, kind));
  std::vector<ByteView> entries;
  for (const std::string& text : texts) entries.push_back(AsBytes(text));
  return log.Append(entries);
}

}  // namespace plasm::tlog::testing
