// How libtorrent's session is set up: the DHT, and of the rest as little as can be.
#pragma once

#include <libtorrent/settings_pack.hpp>

#include "flags.h"

namespace plasm::dht {

// Before joining: no socket at all.
libtorrent::settings_pack QuietSettings(const Flags& flags);

// What joining adds to them.
libtorrent::settings_pack JoiningSettings(const Flags& flags);

}  // namespace plasm::dht
