/// @file
/// All of the library: `#include <plasm/plasm.h>`.
#pragma once

#include <plasm/client.h>
#include <plasm/error.h>
#include <plasm/job.h>
#include <plasm/node.h>
#include <plasm/receipt.h>
#include <plasm/task.h>
#include <plasm/version.h>
