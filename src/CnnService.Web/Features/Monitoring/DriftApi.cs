using CnnService.Core.Classification.Drift;
using CnnService.Core.Common;
using CnnService.Core.Datasets;
using CnnService.Core.Drawing.Figures;
using CnnService.Core.Drawing.Plots;
using CnnService.Core.Models;
using CnnService.Web.Monitoring;
using CnnService.Web.Persistence;

namespace CnnService.Web.Features.Monitoring;

/// <summary>GET /models/{name}/drift: compares served predictions with a baseline.</summary>
internal static class DriftApi
{
    private const int DefaultHours = 24;
    private const int MaxHours = 24 * 366;
    private const int DefaultWait = 30;
    private const int MaxWait = 300;

    public static void MapDrift(this RouteGroupBuilder models) =>
        models.MapGet("/{name}/drift", GetAsync).WithName("GetDrift")
        .WithSummary("Compare served predictions with those on the validation images (drift)")
        .WithDescription(
            "For the predictions counted since `PUT /models/{name}/capture` in the last `hours` by `version`: population "
            + "stability index and total variation distance of classes and of confidences, the contribution of each class, "
            + "the values expected by chance alone, and a summary in words. The baseline is the version's predictions on its "
            + "validation images; an imported version needs `dataset` (and `split`), of which it is computed once.")
        .Produces<DriftResource>(200).ProducesFigureToo().ValidateParameters().Produces<DriftPending>(202).RequireAuthorization(Scopes.Read)
        .ProducesProblems(400, 404, 409, 422, 503);

    private static async Task<IResult> GetAsync(
        HttpContext http, [AsParameters] DriftServices services, string name, int? version, int? hours, string? dataset, string? split,
        string? format, int? wait, [AsParameters] FigureQuery figure)
    {
        var part = Check(version, hours, split, format, wait);
        if (part.Problem is { } invalid)
        {
            return invalid.ToResult();
        }

        await services.Traffic.FlushAsync();
        var window = DriftWindow.Last(hours ?? DefaultHours, services.Clock.GetUtcNow());
        var found = await FindAsync(services, name, version, window, http.RequestAborted);
        return await found.ToIResultAsync(async model =>
            await services.Baselines.FindAsync(
                model, dataset, part.Value, TimeSpan.FromSeconds(wait ?? DefaultWait), http.RequestAborted) is { } baseline
                ? await baseline.ToIResultAsync(profile => AnswerAsync(http, services, model, profile, window, format, figure))
                : AcceptedOrCompleted.Pending(http, DriftPending.Default));
    }

    private static Outcome<Split> Check(int? version, int? hours, string? split, string? format, int? wait)
    {
        var errors = new ValidationErrors();
        errors.Require(hours is null or (>= 1 and <= MaxHours), "hours", $"must be between 1 and {MaxHours}, received {hours}");
        errors.Require(format is null or "json" or "png" or "svg", "format", $"must be json, png or svg, received \"{format}\"");
        errors.Require(version is null or > 0, "version", $"must be at least 1, received {version}");
        var part = errors.ReadName<Split>(split, "split") ?? Split.Validation;
        errors.Require(wait is null or (>= 0 and <= MaxWait), "wait", $"must be between 0 and {MaxWait}, received {wait}");
        return errors.Any ? Problem.Validation(errors) : part;
    }

    /// <summary>The version asked for, else that with the most predictions in these hours, else the newest.</summary>
    private static async Task<Outcome<LoadedModel>> FindAsync(
        DriftServices services, string name, int? version, DriftWindow window, CancellationToken cancel)
    {
        var wanted = version ?? await services.Store.BusiestAsync(name, window.From, window.To, cancel);
        var found = await services.Registry.ResolveAsync(wanted is null ? name : $"{name}:{wanted}");
        return found.Bind(model => model.RequireClasses());
    }

    private static async Task<IResult> AnswerAsync(
        HttpContext http, DriftServices services, LoadedModel model, PredictionProfile baseline, DriftWindow window, string? format,
        FigureQuery figure)
    {
        var report = await ReportAsync(services, model, baseline, window, http.RequestAborted);
        return format is "png" or "svg"
            ? FigureResult.File(
                services.Figures, DriftPlot.Create(report, $"{model.Name}:{model.Version}, last {window.Hours} h"),
                figure.Style(format == "svg"))
            : TypedResults.Ok(ToResource(model, baseline, report, window));
    }

    private static async Task<DriftReport> ReportAsync(
        DriftServices services, LoadedModel model, PredictionProfile baseline, DriftWindow window, CancellationToken cancel)
    {
        var counts = await services.Store.CountsAsync(model.Name, model.Version, window.From, window.To, cancel);
        var report = DriftReport.Create(model.Manifest.Classes, baseline.Tenths, Tenths(model, counts));
        return report with { Sentence = report.Sentence + Counting(report, model, await services.Store.FindAsync(model.Name, cancel)) };
    }

    /// <summary>Why there are few predictions, if known: sentences appended to the report's.</summary>
    private static string Counting(DriftReport report, LoadedModel model, CaptureRow? capture) =>
        report.Verdict != DriftVerdict.TooFew ? string.Empty
        : capture is null ? $" Predictions of '{model.Name}' are not counted now: PUT /models/{model.Name}/capture turns that on."
        : report.Predictions == 0
            ? $" Counting is on since {capture.Since:yyyy-MM-dd HH:mm} UTC; POST /classify with "
                + $"{model.Name}:{model.Version} has answered nothing in these hours since then."
        : string.Empty;

    /// <summary>Counts by class and tenth of confidence.</summary>
    private static long[][] Tenths(LoadedModel model, List<ServedCountRow> counts)
    {
        var byClass = counts.ToLookup(count => count.Label, StringComparer.Ordinal);
        return
        [
            .. model.Manifest.Classes.Select(name =>
            {
                var tenths = new long[PredictionProfile.Bins];
                foreach (var count in byClass[name])
                {
                    tenths[count.Tenth] += count.Count;
                }

                return tenths;
            }),
        ];
    }

    private static DriftResource ToResource(
        LoadedModel model, PredictionProfile baseline, DriftReport report, DriftWindow window) => new()
        {
            Model = model.Name,
            Version = model.Version,
            From = window.From,
            To = window.To,
            BaselineSplit = baseline.Split,
            Verdict = report.Verdict,
            Sentence = report.Sentence,
            Predictions = report.Predictions,
            BaselinePredictions = report.BaselinePredictions,
            ClassDistribution = report.ClassDistribution,
            Confidence = new(report.Confidence, report.BaselineTenths, report.Tenths),
            Classes = report.Classes,
        };
}

/// <summary>The services needed for drift.</summary>
internal sealed record DriftServices(
    CaptureStore Store, CaptureTraffic Traffic, Baselines Baselines, ModelRegistry Registry, IFigureRenderer Figures, TimeProvider Clock);
