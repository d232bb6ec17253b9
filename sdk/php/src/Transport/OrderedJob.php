<?php

declare(strict_types=1);

namespace Plasm\Transport;

use Plasm\Document\JobManifest;
use Plasm\JobOrder;

/** Whether a manifest that somebody else wrote is for an order of ours. Pure. */
final class OrderedJob
{
    /**
     * What differs first; null when it answers the order. Of standard input a guest may have read
     * only the beginning: the manifest then has that much (spec/job.md section 6).
     */
    public static function difference(JobOrder $order, string $moduleDigest, JobManifest $manifest): ?string
    {
        $stdin = (int) $manifest->stdinSize;
        $pairs = [
            'module' => [$moduleDigest, $manifest->moduleDigest],
            'args' => [[$order->programName(), ...$order->args], $manifest->args],
            'env' => [$order->env, $manifest->env],
            'inputs' => [array_keys($order->inputs), array_map(static fn ($tree) => $tree->guest, $manifest->inputs)],
            'outputs' => [array_values(array_unique($order->outputs)), $manifest->outputs],
            'limits' => [$order->limits->toArray(), $manifest->limits->toArray()],
            'profile' => [$order->profile, $manifest->profile],
            'seed' => [$order->seed ?? $manifest->seed, $manifest->seed],
            'nonce' => [$order->nonce, $manifest->nonce],
            'notAfter' => [$order->notAfter?->milliseconds, $manifest->notAfter?->milliseconds],
            'stdin' => [$stdin <= $order->stdin->size() ? $order->stdin->digestOfFirst($stdin) : null,
                $manifest->stdinDigest],
        ];
        foreach ($pairs as $name => [$expected, $found]) {
            if ($expected !== $found) {
                return $name;
            }
        }

        return null;
    }
}
