using CnnService.Core.Common;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CnnService.Core.Datasets;

/// <summary>
/// Limits concurrent image decoding to the number of cores; more would only cost memory. One instance per process. Thread safe.
/// </summary>
public sealed partial class DecodeSlots : IDisposable
{
    private readonly SemaphoreSlim _slots;
    private readonly ILogger _logger;

    /// <param name="logger">Receives failures of decoders that nobody waits for any more; null: they are not logged.</param>
    /// <param name="count">Images decoded at a time, at least 1; null: as many as there are cores.</param>
    public DecodeSlots(ILogger<DecodeSlots>? logger = null, int? count = null)
    {
        var slots = count ?? Environment.ProcessorCount;
        (_slots, _logger) = (new(slots, slots), logger ?? NullLogger<DecodeSlots>.Instance);
    }

    /// <param name="decode">CPU-bound work of some milliseconds.</param>
    /// <param name="cancel">Ends the wait for a slot.</param>
    /// <param name="here">Run on the thread that obtained the slot instead of another one, for callers that have nothing else to
    /// do meanwhile.</param>
    public async Task<T> RunAsync<T>(Func<T> decode, CancellationToken cancel, bool here = false)
    {
        await _slots.WaitAsync(cancel);
        try
        {
            return here ? decode() : await Task.Run(decode, cancel);
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>
    /// Decodes within a time limit that covers both the wait for a slot and the decoding. A decoder at work cannot be interrupted: when the
    /// time is over it is left behind with its slot, which is free again when it ends; its result is dropped and an exception of it logged.
    /// </summary>
    /// <param name="decode">CPU-bound work; its result needs no disposal.</param>
    /// <param name="timeout">Gives the problem to return when the time is over.</param>
    /// <param name="over">Cancelled when the time is over.</param>
    /// <param name="cancel">Ends the wait like the time.</param>
    public async Task<Outcome<T>> RunUntilAsync<T>(
        Func<Outcome<T>> decode, Func<Problem> timeout, CancellationToken over, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(timeout);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over, cancel);
        if (!await TryEnterAsync(either.Token, cancel))
        {
            return timeout();
        }

        var isAbandoned = false;
        var work = Task.Run(
            () =>
            {
                try
                {
                    // The pool may have had no thread for it until now.
                    return Volatile.Read(ref isAbandoned) ? throw new OperationCanceledException() : decode();
                }
                finally
                {
                    Free();
                }
            },
            CancellationToken.None); // Else one that is cancelled before it begins would keep its slot.
        await ((Task)work.WaitAsync(either.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (work.IsCompleted)
        {
            return await work;
        }

        Volatile.Write(ref isAbandoned, true);
        _ = WatchAbandonedAsync(work);
        cancel.ThrowIfCancellationRequested();
        return timeout();
    }

    public void Dispose() => _slots.Dispose();

    /// <returns>False if the time was over first.</returns>
    private async Task<bool> TryEnterAsync(CancellationToken either, CancellationToken cancel)
    {
        try
        {
            await _slots.WaitAsync(either);
            return true;
        }
        catch (OperationCanceledException)
        {
            cancel.ThrowIfCancellationRequested();
            return false;
        }
    }

    private async Task WatchAbandonedAsync(Task work)
    {
        try
        {
            await work;
        }
        catch (OperationCanceledException)
        {
            // It had not begun.
        }
        catch (Exception failure)
        {
            LogFailureWithoutCaller(_logger, failure);
        }
    }

    private void Free()
    {
        try
        {
            _slots.Release();
        }
        catch (ObjectDisposedException)
        {
            // The process ends before a decoder that was left behind: nobody waits for its slot.
        }
    }
}
