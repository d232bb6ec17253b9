// Which files of a node's logs are served (C2SP tlog-tiles). Pure.
#pragma once

#include <optional>
#include <span>
#include <string>

namespace plasm::api {

enum class LogFileKind {
  kCheckpoint,  // changes all the time
  kPartial,     // of a tile that grows: never changes itself, but may go
  kTile,        // never changes
};

struct LogFile {
  LogFileKind kind = LogFileKind::kTile;
  std::string log;   // its folder's name: "log", "log-2"
  std::string path;  // in that folder: "checkpoint", "tile/0/x001/234"
};

// Nothing for every name that is not exactly one of the layout's, which leaves no room for tricks
// with paths. Whether the file is there is another question.
std::optional<LogFile> LogFileOf(std::span<const std::string> segments);

}  // namespace plasm::api
