<?php

declare(strict_types=1);

namespace Plasm\Exception;

/** plasmd could not be started, or gave no result. */
final class ProcessException extends \RuntimeException implements PlasmException
{
}
