using System.CommandLine;
using CnnService.Cli.Reporting;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Datasets.Revisions;
using CnnService.Core.Models;
using CnnService.Core.Models.Starts;
using CnnService.Core.Training;
using CnnService.Core.Training.Evaluation;
using CnnService.Core.Training.Requests;
using CnnService.Core.Training.Runs;

namespace CnnService.Cli.Commands;

/// <summary>
/// cnn train: trains on an archive or a folder of images and writes a model folder. After an interruption the same command resumes.
/// </summary>
internal static class TrainCommand
{
    private const string Stopped = "Stopped at a checkpoint; the same command goes on from there.";

    private static readonly Option<DirectoryInfo> Out = new("--out") { Description = "The model's folder; required without --url." };
    private static readonly Option<int> Threads = new("--threads") { Description = "0: all cores." };

    public static Command Create()
    {
        var command = new Command("train", "Train a network and write it as a model folder: ONNX, weights, manifest, evaluation.")
        {
            Out, OutTarget.Force, Threads,
        };
        DataArguments.AddTo(command);
        TrainArguments.AddTo(command);
        Service.AddTo(command);
        command.Validators.Add(given =>
        {
            if (!Service.IsAsked(given) && given.GetValue(Out) is null)
            {
                given.AddError($"Option '{Out.Name}' is required.");
            }
        });
        command.Answers(RunAsync, arguments => Service.IsAsked(arguments) ? ServiceTraining.Stopped : Stopped);
        return command;
    }

    private static async Task<Outcome<Answer>> RunAsync(ParseResult arguments, CommandContext context, CancellationToken cancel)
    {
        var errors = new ValidationErrors();
        if (Service.IsAsked(arguments))
        {
            errors.Require(arguments.GetValue(Out) is null, Out.Name, "must be given without --url: the service keeps the model");
            errors.Require(arguments.GetValue(Threads) == 0, Threads.Name, "must be given without --url: the service decides it");
            return await ServiceTraining.RunAsync(arguments, context, errors, cancel);
        }

        var import = DataArguments.Read(arguments, errors);
        if (TrainArguments.Read(arguments, errors) is not { } request || errors.Any)
        {
            return Problem.Validation(errors);
        }

        var target = arguments.GetRequiredValue(Out);
        if ((import.Problem ?? OutTarget.Refuse(arguments, target)) is { } refused)
        {
            return refused;
        }

        var work = target.FullName.TrimEnd('/') + ".work";
        await using var services = context.CreateEngines(Path.Combine(work, "pixels"));
        var start = await TrainArguments.StartAsync(request, arguments, services.GetRequiredService<StartLibrary>(), cancel);
        if (start?.Problem is { } unusable)
        {
            return unusable;
        }

        var time = services.GetRequiredService<TimeProvider>();
        var (began, now) = (time.GetTimestamp(), time.GetUtcNow());
        Directory.CreateDirectory(work);
        var dataset = Path.Combine(work, "dataset");
        var plan = (await import.BindAsync(data => ImportAsync(services, context, data, dataset, cancel)))
            .Bind(manifest => Plan(request, manifest, services.GetRequiredService<MachineSpeedMeter>(),
                new(manifest.Digest[..16], dataset, TimeSpan.FromSeconds(60), arguments.GetValue(Threads))
                {
                    Start = start?.Value,
                    FeatureCache = Path.Combine(work, "features"),
                    Now = now,
                }));
        return (await plan.BindAsync(whole => TrainAsync(services, context, whole, work, cancel)))
            .Map(model => Tell(target, model, Publish(arguments, work, target), time.GetElapsedTime(began)));
    }

    private static async Task<Outcome<DatasetManifest>> ImportAsync(
        ServiceProvider services, CommandContext context, DatasetImport import, string folder, CancellationToken cancel)
    {
        if (DatasetFolder.ReadManifest(folder) is { Succeeded: true } known)
        {
            return known;
        }

        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }

        return await ImportProgressReport.ImportAsync(services, context, import, folder, cancel);
    }

    /// <summary>The plan; where it has a time budget, the machine is timed first, to tell whether it can be kept.</summary>
    private static Outcome<PlannedTraining> Plan(
        TrainRequest request, DatasetManifest dataset, MachineSpeedMeter meter, PlanSetting setting)
    {
        var errors = new ValidationErrors();
        errors.Require(dataset.Classes.Count > 1, "data", $"must have two classes, received {dataset.Classes.Count}");
        var planned = errors.ToOutcome(TrainPlanner.Plan(request, dataset, setting, errors));
        return request.TimeBudget is null
            ? planned
            : planned.Bind(training => meter.Measure().Bind<PlannedTraining>(speed =>
                TimeBudgetCheck.Check(training, dataset, speed) is { } tooShort
                    ? tooShort
                    : training with { Plan = training.Plan with { Speed = speed } }));
    }

    /// <summary>The run blocks a thread of its own, while the display goes on.</summary>
    private static Task<Outcome<ModelManifest>> TrainAsync(
        ServiceProvider services, CommandContext context, PlannedTraining plan, string work, CancellationToken cancel) =>
        context.Report.FollowAsync(display => Task.Run(
            () => services.GetRequiredService<TrainingPipeline>()
                .Run(plan, work, new TrainingReport(display, plan.Plan.Epochs), cancel), cancel));

    /// <summary>Makes the run's package the model's folder; returns its evaluation, which lies in it too.</summary>
    private static RunEvaluation? Publish(ParseResult arguments, string work, DirectoryInfo target)
    {
        OutTarget.Clear(arguments, target);
        DurableFile.PublishFolder(Path.Combine(work, RunFolder.PackageFolder), target.FullName);
        File.Copy(Path.Combine(work, RunFolder.EvaluationFile), Path.Combine(target.FullName, RunFolder.EvaluationFile));
        Directory.Delete(work, recursive: true);
        return RunEvaluation.Read(target.FullName);
    }

    private static Answer Tell(DirectoryInfo target, ModelManifest model, RunEvaluation? evaluation, TimeSpan took)
    {
        var trained = new TrainedModel(target.FullName, took.TotalSeconds, model.Architecture, model.Classes)
        {
            Metrics = model.Metrics,
            Parity = model.Parity,
            Calibration = TrainedModel.Figures(model.Calibration),
            Validation = TrainedModel.Figures(evaluation?.Validation),
            Test = TrainedModel.Figures(evaluation?.Test),
        };
        return new(trained, text =>
        {
            if ((evaluation?.Test ?? evaluation?.Validation) is { } judged)
            {
                text.Table(TrainedModel.Table(judged));
            }

            text.Line($"The model lies in {target.FullName}; it took {Words.Duration(took)}.");
        });
    }
}
