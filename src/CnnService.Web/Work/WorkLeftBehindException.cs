namespace CnnService.Web.Work;

/// <summary>Work was told to stop and did not: it goes on by itself, and nobody waits for it.</summary>
/// <param name="told">The token that told it to stop.</param>
internal sealed class WorkLeftBehindException(CancellationToken told)
    : OperationCanceledException("The work does not stop; it is left behind.", told);
