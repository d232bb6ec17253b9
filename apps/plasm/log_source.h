// A log in a folder, and the key that its checkpoints should be signed with.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "base/result.h"
#include "cli/data_folder.h"
#include "tlog/folder.h"
#include "tlog/folder_storage.h"
#include "tlog/log_reader.h"
#include "tlog/note.h"

namespace plasm::app {

struct LogFlags {
  std::string data_dir;
  std::string folder;  // empty: the data folder's own log
  std::string vkey;    // empty: from the cards that are known here
};

// Opened for reading. One thread at a time.
struct LogSource {
  std::filesystem::path path;
  std::unique_ptr<tlog::SystemFolder> folder;
  std::unique_ptr<tlog::FolderStorage> storage;
  tlog::VerifierKey key;
};

// The log's key is the one given, or stands on the card of this data folder's node or of a
// trusted node, under the origin that the log's checkpoint names. kDenied when no card does.
Result<LogSource> OpenLog(const LogFlags& flags, const DataFolder& data);

}  // namespace plasm::app
