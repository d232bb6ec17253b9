<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** The node could not run the job, for a reason of its own. There is no receipt and no result. */
final class JobFailedException extends \RuntimeException implements PlasmException
{
}
