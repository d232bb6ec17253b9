<?php

declare(strict_types=1);

namespace Plasm\Remote;

use Plasm\Encoding\Utf8;
use Plasm\Exception\ApiException;
use Plasm\Exception\ConflictException;
use Plasm\Exception\CorruptException;
use Plasm\Exception\DeniedException;
use Plasm\Exception\InternalException;
use Plasm\Exception\InvalidRequestException;
use Plasm\Exception\LimitExceededException;
use Plasm\Exception\MalformedException;
use Plasm\Exception\NotFoundException;
use Plasm\Exception\OverloadedException;
use Plasm\Exception\UnavailableException;
use Plasm\Http\Response;
use Plasm\Json\JsonLimits;
use Plasm\Json\Node;

/** Makes exceptions out of problem documents (RFC 9457, spec/openapi.yaml: Problem). Pure. */
final class Problem
{
    private const MAX_VALUES = 131_072;
    private const MAX_DETAIL = 2000;

    public static function of(Response $answer, string $server): ApiException
    {
        try {
            $node = Node::parse($answer->body, 'problem', new JsonLimits(strlen($answer->body), 4, self::MAX_VALUES));
            $code = $node->get('code')->string();
            $detail = substr($node->get('detail')->string(), 0, self::MAX_DETAIL);
            $missing = $node->has('missing') ? array_map(
                static fn (Node $digest): string => $digest->digest(),
                $node->get('missing')->items(),
            ) : [];
        } catch (MalformedException) {
            // A proxy, or another server: its status is all that there is.
            [$code, $detail, $missing] = ['', "the status {$answer->status} and no problem document", []];
        }
        // Text of somebody else, for a log or a terminal.
        $message = "$server: " . (Utf8::hasControls($detail) ? Utf8::quote($detail) : $detail);
        if ($answer->status === 401) {
            $message .= ' (the node has to know this client: plasmd client add, or plasmd token create, on it)';
        }
        $status = $answer->status;

        return match ($code) {
            'invalid' => new InvalidRequestException($message, $status),
            'denied' => new DeniedException($message, $status),
            'not_found' => new NotFoundException($message, $status),
            'conflict' => new ConflictException($message, $status, $missing),
            'limit_exceeded' => new LimitExceededException($message, $status),
            'overloaded' => new OverloadedException($message, $status),
            'unavailable' => new UnavailableException($message, $status),
            'corrupt' => new CorruptException($message, $status),
            'internal' => new InternalException($message, $status),
            default => self::byStatus($status, $message),
        };
    }

    private static function byStatus(int $status, string $message): ApiException
    {
        return match (true) {
            $status === 401, $status === 403 => new DeniedException($message, $status),
            $status === 404 => new NotFoundException($message, $status),
            $status === 429 => new OverloadedException($message, $status),
            $status >= 502 && $status <= 504 => new UnavailableException($message, $status),
            $status >= 500 => new InternalException($message, $status),
            $status >= 400 => new InvalidRequestException($message, $status),
            default => new CorruptException($message, $status),
        };
    }
}
