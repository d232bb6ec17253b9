// The inside of v0::Client.
#pragma once

#include <plasm/client.h>

#include <filesystem>
#include <utility>

#include "base/clock.h"
#include "base/entropy.h"
#include "home/data_folder.h"

namespace plasm::v0 {

// The library has no main of its own: clock and entropy are made here, once a client.
struct Client::State {
  State(home::DataFolder folder, std::filesystem::path worker)
      : data(std::move(folder)), worker_program(std::move(worker)) {}

  const home::DataFolder data;
  const std::filesystem::path worker_program;
  SystemClock clock;
  SystemEntropy entropy;
};

}  // namespace plasm::v0
