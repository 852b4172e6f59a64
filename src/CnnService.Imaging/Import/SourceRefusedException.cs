using CnnService.Core.Common;

namespace CnnService.Imaging.Import;

/// <summary>Ends the reading of a source that breaks a limit or whose names cannot be read.</summary>
/// <param name="problem">What the import answers.</param>
internal sealed class SourceRefusedException(Problem problem) : Exception(problem.Detail)
{
    public Problem Problem { get; } = problem;
}
