// A node card for people.
#pragma once

#include <string>

#include "trust/node_card.h"

namespace plasm::app {

// Version, validity, and each key with its fingerprint and its time: aligned lines, each with a
// line feed.
std::string CardText(const trust::NodeCard& card);

}  // namespace plasm::app
