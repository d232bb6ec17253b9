// The node of this data folder, as far as it signs for jobs that plasm runs itself.
#pragma once

#include <string>

#include "base/result.h"
#include "cli/data_folder.h"
#include "node/own_card.h"

namespace plasm::app {

// Makes its receipts count here, and gives the name that it has in the list of trusted nodes:
// whoever can write its keys can write that list too. A node that is there already, under whatever
// name and level, stays as it is.
Result<std::string> TrustOwnNode(const DataFolder& data, const node::IssuedCard& card);

}  // namespace plasm::app
