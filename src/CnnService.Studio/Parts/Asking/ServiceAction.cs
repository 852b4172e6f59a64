using CnnService.Studio.Service;

namespace CnnService.Studio.Parts.Asking;

/// <summary>
/// What a button does with the service: whether it is under way, and why the last one failed. Used on the page's one thread.
/// </summary>
internal sealed class ServiceAction
{
    /// <summary>Whether it is under way.</summary>
    public bool IsActing { get; private set; }

    /// <summary>Why the last one failed; null where it did not.</summary>
    public Exception? Failure { get; private set; }

    /// <param name="act">Calls the service; a failure of the call is kept.</param>
    public async Task RunAsync(Func<Task> act)
    {
        ArgumentNullException.ThrowIfNull(act);
        (IsActing, Failure) = (true, null);
        try
        {
            await act();
        }
        catch (Exception failure) when (ProblemText.IsExpected(failure))
        {
            Failure = failure;
        }
        finally
        {
            IsActing = false;
        }
    }
}
