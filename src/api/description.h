// spec/openapi.yaml, as it was when this was built.
#pragma once

#include <string_view>

namespace plasm::api {

std::string_view Description();

}  // namespace plasm::api
