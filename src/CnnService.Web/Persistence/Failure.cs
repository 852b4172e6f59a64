using CnnService.Core.Common;

namespace CnnService.Web.Persistence;

/// <summary>A problem as it is kept and shown: its code and sentence.</summary>
internal sealed record Failure(string Code, string Detail)
{
    public static Failure Of(Problem problem) => new(problem.Code, problem.Detail);
}
