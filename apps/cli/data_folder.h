// The data folder, by the name that every verb has for it.
#pragma once

#include "home/data_folder.h"

namespace plasm::app {

using home::DataFolder;

}  // namespace plasm::app
