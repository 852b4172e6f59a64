using CnnService.Studio.Service;

namespace CnnService.Studio.Parts.Asking;

/// <summary>
/// A question to the service and what has come of it: nothing yet, an answer, or why there is none. A newer question ends the older one,
/// whose answer is then not taken. Used on the page's one thread.
/// </summary>
/// <typeparam name="T">The answer.</typeparam>
/// <param name="changed">Draws the component anew.</param>
internal sealed class Asked<T>(Action changed) : IDisposable
    where T : class
{
    private CancellationTokenSource? _cancel;

    /// <summary>The last answer; null before the first one and after a failure.</summary>
    public T? Answer { get; private set; }

    /// <summary>Why there is no answer; null where there is one, or none was asked for.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether an answer is waited for.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Asks; returns when there is an answer, a failure, or a newer question.</summary>
    /// <param name="question">Asks the service.</param>
    /// <param name="keeps">Whether the last answer is shown until the new one is there.</param>
    public async Task AskAsync(Func<CancellationToken, Task<T>> question, bool keeps = false)
    {
        ArgumentNullException.ThrowIfNull(question);
        Forget();
        using var cancel = _cancel = new CancellationTokenSource();
        (Answer, Failure, IsAsking) = (keeps ? Answer : null, null, true);
        changed();
        try
        {
            var answer = await question(cancel.Token);
            if (ReferenceEquals(_cancel, cancel))
            {
                Answer = answer;
            }
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            return; // A newer question has been asked, or the component is gone.
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure) || failure is FormatException)
        {
            if (ReferenceEquals(_cancel, cancel))
            {
                (Answer, Failure) = (null, failure);
            }
        }
        finally
        {
            if (ReferenceEquals(_cancel, cancel))
            {
                (_cancel, IsAsking) = (null, false);
                changed();
            }
        }
    }

    /// <summary>Ends the question under way and forgets the answer.</summary>
    public void Clear()
    {
        Forget();
        (Answer, Failure, IsAsking) = (null, null, false);
    }

    /// <inheritdoc/>
    public void Dispose() => Forget();

    private void Forget()
    {
        var last = _cancel;
        _cancel = null;
        last?.Cancel();
    }
}
