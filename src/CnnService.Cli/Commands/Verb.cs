using System.CommandLine;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>How every verb is carried out: its answer or problem is told, and becomes the exit code.</summary>
internal static class Verb
{
    /// <param name="command">The verb.</param>
    /// <param name="run">Carries it out.</param>
    /// <param name="stopped">What is told when it was stopped; null: that it was.</param>
    public static void Answers(
        this Command command, Func<ParseResult, CommandContext, CancellationToken, Task<Outcome<Answer>>> run,
        Func<ParseResult, string>? stopped = null) =>
        command.SetAction((arguments, cancel) => RunAsync(arguments, run, stopped ?? (_ => "Stopped."), cancel));

    /// <summary>Tells a problem; returns the exit code.</summary>
    public static int Fail(CommandContext context, Problem problem)
    {
        context.Report.Write(problem);
        return ExitCodes.Of(problem.Kind);
    }

    private static async Task<int> RunAsync(
        ParseResult arguments, Func<ParseResult, CommandContext, CancellationToken, Task<Outcome<Answer>>> run,
        Func<ParseResult, string> stopped, CancellationToken cancel)
    {
        var context = (CommandContext)arguments.InvocationConfiguration;
        try
        {
            var outcome = await run(arguments, context, cancel);
            return outcome.Match(
                answer =>
                {
                    context.Report.Write(answer);
                    return answer.ExitCode;
                },
                problem => Fail(context, problem));
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            context.Report.Write(Problem.Conflict("command.stopped", stopped(arguments)));
            return ExitCodes.Stopped;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Fail(context, new Problem(ProblemKind.Internal, "file.failed", failure.Message));
        }
    }
}
