// The node's logs, served as the files that they are (C2SP tlog-tiles).
#pragma once

#include <filesystem>

#include "api/call.h"

namespace plasm::api {

// Belongs to the server's thread.
class LogRoutes {
 public:
  explicit LogRoutes(std::filesystem::path data_folder) : folder_(std::move(data_folder)) {}

  void Get(Call& call);

 private:
  std::filesystem::path folder_;
};

}  // namespace plasm::api
