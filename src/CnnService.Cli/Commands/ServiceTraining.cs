using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using CnnService.Cli.Reporting;
using CnnService.Client;
using CnnService.Core.Common;
using RunPart = CnnService.Core.Training.RunPart;

namespace CnnService.Cli.Commands;

/// <summary>cnn train --url: sends the images where they are a file of this machine, has the service train, and follows the run.</summary>
internal static class ServiceTraining
{
    /// <summary>Told when the command was stopped.</summary>
    public const string Stopped = "Stopped following; the service goes on. Its page, or GET /runs, tells how far it is.";

    private const string StepKind = "step";
    private const string EpochKind = "epoch";
    private const string LogKind = "log";

    public static async Task<Outcome<Answer>> RunAsync(
        ParseResult arguments, CommandContext context, ValidationErrors errors, CancellationToken cancel)
    {
        var request = TrainArguments.ReadForService(arguments, errors);
        if (errors.Any)
        {
            return Problem.Validation(errors);
        }

        var run = await (await SendAsync(arguments, context, cancel)).BindAsync(dataset =>
        {
            request["dataset"] = dataset;
            var body = JsonSerializer.SerializeToElement(request);
            return Service.AskAsync(arguments, service => FollowAsync(service, context, body, cancel));
        });
        return run.Bind<Answer>(over => over.State == WorkState.Succeeded
            ? new Answer(over, text => text.Line($"The service has it as {over.Model}:{over.Version}."))
            : Problem.Unprocessable(
                over.Failure?.Code ?? "run.cancelled", over.Failure?.Detail ?? $"The run {over.Id} was cancelled in the service."));
    }

    /// <summary>The data set's name: that of one of the service, or of the one made of the file.</summary>
    private static async Task<Outcome<string>> SendAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var data = DataArguments.Name(arguments);
        if (Directory.Exists(data))
        {
            return Problem.Invalid("dataset.folder",
                $"With --url, data must be an archive that is sent, or the name of a data set of the service, but '{data}' is a folder: "
                + "pack it, as a zip, say.");
        }

        if (!File.Exists(data))
        {
            return data;
        }

        var name = NameOf(data);
        if (!ResourceName.IsValid(name))
        {
            return Problem.Invalid("dataset.name", $"The file's name becomes that of the data set, which {ResourceName.Rule}: '{name}'.");
        }

        var sent = await Service.AskAsync(arguments, service => context.Report.FollowAsync(async display =>
        {
            display.Show(new("sending", null));
            var layout = DataArguments.Fields(arguments);
            await using var file = File.OpenRead(data);
            await service.CreateDatasetAsync(
                name: name, file: new FileParameter(file, Path.GetFileName(data)), layout: layout.Layout, namePattern: layout.NamePattern,
                nameEncoding: layout.NameEncoding, mergeCase: layout.MergeCase, cancellationToken: cancel);
            return await service.WaitForDatasetAsync(name, new Importing(display), cancel);
        }));
        return sent.Bind<string>(dataset => dataset.Failure is { } failure
            ? Problem.Unprocessable(failure.Code, failure.Detail)
            : dataset.Name);
    }

    private static async Task<RunResource> FollowAsync(
        CnnServiceClient service, CommandContext context, JsonElement request, CancellationToken cancel)
    {
        var run = await service.TrainJsonAsync(request, cancellationToken: cancel);
        return await context.Report.FollowAsync(async display =>
        {
            display.Line($"run {run.Id} on data set {run.Dataset}, for model {run.Model}");
            var report = new TrainingReport(display, run.Progress.Epochs);
            await foreach (var told in service.ReadRunEventsAsync(run.Id, cancellationToken: cancel))
            {
                Pass(told, report);
            }

            return await service.GetRunAsync(run.Id, cancel);
        });
    }

    /// <summary>What a run tells over the wire, to the same report as one of this machine.</summary>
    private static void Pass(RunEvent told, TrainingReport report)
    {
        var data = told.Data;
        switch (told.Kind)
        {
            case StepKind:
                var speed = Number(data, "imagesPerSecond");
                report.Step(new(Whole(data, "epoch"), Whole(data, "step"), Whole(data, "steps"), speed, double.NaN));
                if (data.GetProperty("part").GetString() is { } part && WireName.Find<RunPart>(part) is { } known)
                {
                    report.Part(new(
                        known, Number(data, "partFraction"), Number(data, "fraction"), Known(Number(data, "etaSeconds")), Known(speed)));
                }

                break;
            case EpochKind:
                report.Epoch(new(
                    Whole(data, "epoch"), Number(data, "loss"), Number(data, "accuracy"), Number(data, "validationLoss"),
                    Number(data, "validationAccuracy"), Number(data, "learningRate"), Number(data, "seconds"),
                    Number(data, "imagesPerSecond")));
                break;
            case LogKind when data.GetProperty("message").GetString() is { } message:
                report.Log(message);
                break;
            default:
                break; // States, parts and heartbeats: a step tells the part.
        }
    }

    private static int Whole(JsonElement data, string name) => data.GetProperty(name).GetInt32();

    /// <summary>NaN where it is null: it was not measured.</summary>
    private static double Number(JsonElement data, string name) =>
        data.GetProperty(name) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : double.NaN;

    private static double Known(double value) => double.IsNaN(value) ? 0 : value;

    /// <summary><c>Cats and Dogs.tar.gz</c>: cats-and-dogs.</summary>
    private static string NameOf(string path) => string.Concat(Path.GetFileName(path).Split('.')[0].ToLower(CultureInfo.InvariantCulture)
        .Select(letter => char.IsAsciiLetterOrDigit(letter) || letter == '_' ? letter : '-')).Trim('-');

    /// <summary>An import in the service.</summary>
    private sealed class Importing(IProgressDisplay display) : IProgress<DatasetResource>
    {
        public void Report(DatasetResource value)
        {
            var (done, total) = (value.Progress.Done, value.Progress.Total);
            display.Show(new("importing", total > 0 ? (double)done / total : null));
        }
    }
}
