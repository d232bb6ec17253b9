<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** The time that the caller gave is up. The job goes on: wait again, or cancel it. */
final class TimeoutException extends \RuntimeException implements PlasmException
{
}
