extern alias cli;

using cli::CnnService.Cli.Commands;
using cli::CnnService.Cli.Reporting;
using CnnService.Core.Training;

namespace CnnService.Web.Tests.Cli;

/// <summary>Colours and moving lines are for terminals that want them; what is told is the same.</summary>
public sealed class ColourTests
{
    private const char Escape = '\e';

    private static readonly string[][] Commands = [["recipes"], ["describe", "lenet5"], ["describe", "lenet6"], ["explain", "--help"]];

    public static TheoryData<bool, string, string> Plain => new()
    {
        { false, "TERM", "xterm-256color" },
        { true, "NO_COLOR", "1" },
        { true, "TERM", "dumb" },
    };

    [Theory]
    [MemberData(nameof(Plain))]
    public async Task Output_ThatIsToBePlain_HoldsNoEscape(bool isTerminal, string variable, string value)
    {
        foreach (var command in Commands)
        {
            var told = await CommandLineRun.RunAsync(isTerminal, new() { [variable] = value }, command);

            Assert.NotEmpty(told.Output + told.Errors);
            Assert.DoesNotContain(Escape, told.Output + told.Errors);
        }
    }

    [Fact]
    public async Task Output_OfATerminal_HasColours()
    {
        var answer = await CommandLineRun.RunAsync(true, new() { ["TERM"] = "xterm-256color" }, ["recipes"]);
        var problem = await CommandLineRun.RunAsync(true, new() { ["NO_COLOR"] = "" }, ["describe", "lenet6"]); // Set to nothing: not set.

        Assert.Contains(Escape, answer.Output);
        Assert.Matches(@"^\e\[\d+mrequest\.invalid\e\[0m: ", problem.Errors);
    }

    [Fact]
    public async Task Json_OnATerminal_HoldsNoEscape()
    {
        var told = await CommandLineRun.RunAsync(true, [], ["recipes", "--json"]);

        Assert.DoesNotContain(Escape, told.Output);
        Assert.NotEmpty(told.Json.GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task Training_OnPlainOutput_IsALineForEachPartTenthAndEpoch()
    {
        using var output = new StringWriter();
        await new PlainSurface(output).FollowAsync(display => Task.FromResult(Run(new TrainingReport(display, 2))));

        Assert.Equal(
            [
                "preparing: 0 % done, 20 s left",
                "training on cpu in float32",
                "epochs: 1/2, loss 0.7000, 10 % done, 18 s left, 40 images/s",
                "epochs: 1/2, loss 0.6500, 25 % done, 15 s left, 42 images/s",
                "epoch 1: loss 0.6500, accuracy 60.0 %; validation 0.6000, 70.0 %; 41 images/s",
                "epoch 2: loss 0.5000, accuracy 80.0 %; 43 images/s",
                "parity: 95 % done, 1 s left",
                "The end.",
            ],
            output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task Training_OnATerminal_IsABarBelowTheLinesThatStay()
    {
        using var output = new StringWriter();
        await TerminalSurface.Create(output).FollowAsync(display => Task.FromResult(Run(new TrainingReport(display, 2))));

        var text = output.ToString();
        Assert.Contains("epoch 2: loss 0.5000, accuracy 80.0 %; 43 images/s", text, StringComparison.Ordinal);
        Assert.Contains("\e[?25l", text, StringComparison.Ordinal); // The cursor is hidden,
        Assert.Contains("\e[?25h", text, StringComparison.Ordinal); // and shown again.
    }

    /// <summary>A line that is written over the bar leaves nothing of it, on whichever of its own lines.</summary>
    [Fact]
    public async Task Line_OnATerminal_FillsTheWidth()
    {
        using var output = new StringWriter();
        await TerminalSurface.Create(output).FollowAsync(display =>
        {
            display.Line(string.Join(' ', Enumerable.Repeat("word", 20))); // 99 characters, in lines of 80.
            return Task.FromResult(true);
        });

        var lines = output.ToString().Split('\n').Where(line => line.Contains("word", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.EndsWith(new string(' ', 80 - "word word word word".Length), lines[1], StringComparison.Ordinal);
    }

    /// <summary>As a run tells itself.</summary>
    private static bool Run(ITrainingObserver observer)
    {
        observer.Part(new(RunPart.Preparing, 0, 0, 20, 0));
        observer.Started("cpu", Precision.Float32, 0);
        observer.Step(new(1, 1, 10, 40, 0.7));
        observer.Part(new(RunPart.Epochs, 0.05, 0.1, 18, 0));
        observer.Step(new(1, 2, 10, 41, 0.69));
        observer.Part(new(RunPart.Epochs, 0.1, 0.15, 17, 0)); // No further tenth.
        observer.Step(new(1, 10, 10, 42, 0.65));
        observer.Part(new(RunPart.Epochs, 0.5, 0.25, 15, 0));
        observer.Epoch(new(1, 0.65, 0.6, 0.6, 0.7, 0.001, 5, 41));
        observer.Epoch(new(2, 0.5, 0.8, double.NaN, double.NaN, 0.001, 5, 43));
        observer.Part(new(RunPart.Parity, 0, 0.95, 1, 0));
        observer.Log("The end.");
        return true;
    }
}
