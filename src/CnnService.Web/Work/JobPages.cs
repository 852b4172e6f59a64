using System.Globalization;
using CnnService.Core.Common;
using Hangfire;
using Hangfire.Dashboard;
using Microsoft.AspNetCore.Antiforgery;

namespace CnnService.Web.Work;

/// <summary>
/// Hangfire's pages about background jobs. Whoever may read sees them; only an administrator may act on jobs, with the antiforgery token of
/// a page. They show neither the connection string nor what exceptions say, which the service's log has.
/// </summary>
internal static class JobPages
{
    private const int MaxCount = 500;

    /// <summary>What the pages ask for every few seconds; changes nothing.</summary>
    private static readonly PathString Figures = ServicePages.Jobs + "/stats";

    private static readonly Problem NoForm =
        new(ProblemKind.UnsupportedMedia, "request.unsupported-media-type", "The job pages take forms only.");

    /// <summary>Hangfire writes the culture's name as the language of its pages, and English is what they are in.</summary>
    private static readonly CultureInfo PageCulture = new EnglishCulture();

    public static IServiceCollection AddJobPages(this IServiceCollection services) => services.AddAntiforgery(tokens =>
    {
        tokens.Cookie.Name = "cnnservice.antiforgery";
        tokens.Cookie.SameSite = SameSiteMode.Strict;
    });

    /// <param name="routes">The service's routes.</param>
    /// <param name="viewScope">The scope that sees the pages.</param>
    /// <param name="actScope">The scope that acts on jobs.</param>
    public static IEndpointConventionBuilder MapJobPages(this IEndpointRouteBuilder routes, string viewScope, string actScope)
    {
        var pages = routes.CreateApplicationBuilder();
        pages.Use((http, next) => GuardAsync(http, next, ApiKeyHandler.HasScope(http.User, actScope)));
        pages.UseHangfireDashboard(ServicePages.Jobs, new DashboardOptions
        {
            Authorization = [new AdmitAll()],
            IsReadOnlyFunc = page => !ApiKeyHandler.HasScope(page.GetHttpContext().User, actScope),
            DisplayStorageConnectionString = false,
            DashboardTitle = "CnnService jobs",
        });
        return routes.MapMethods(ServicePages.Jobs + "/{**path}", [HttpMethods.Get, HttpMethods.Post], pages.Build())
            .RequireAuthorization(viewScope);
    }

    private static async Task GuardAsync(HttpContext http, RequestDelegate next, bool mayAct)
    {
        if ((NumberProblem(http.Request) ?? FiguresProblem(http.Request) ?? await PostProblemAsync(http, mayAct)) is { } problem)
        {
            await problem.ToResult().ExecuteAsync(http);
            return;
        }

        CultureInfo.CurrentUICulture = PageCulture; // Flows with this request alone.
        http.SetEndpoint(null); // This one. Where Hangfire has no such page, the pipeline then answers 404.
        await next(http);
    }

    /// <summary>The range of a list's page, which Hangfire passes on to its storage as it is.</summary>
    private static Problem? NumberProblem(HttpRequest request)
    {
        var errors = new ValidationErrors();
        foreach (var (name, max) in new[] { ("from", int.MaxValue - MaxCount), ("count", MaxCount) })
        {
            var text = request.Query[name].ToString();
            errors.Require(
                text.Length == 0 || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= max),
                name, $"must be a whole number from 0 to {max}, received {ReceivedText.Text(text)}");
        }

        return errors.Any ? Problem.Validation(errors) : null;
    }

    /// <summary>Hangfire reads a form there, whatever was sent.</summary>
    private static Problem? FiguresProblem(HttpRequest request) => request.Path == Figures && !request.HasFormContentType ? NoForm : null;

    private static async Task<Problem?> PostProblemAsync(HttpContext http, bool mayAct)
    {
        var request = http.Request;
        return !HttpMethods.IsPost(request.Method) ? null
            : !mayAct && request.Path != Figures
                ? new(ProblemKind.Forbidden, "auth.forbidden", "The key may look at jobs, and not act on them.")
            : await FormProblemAsync(request) ?? await TokenProblemAsync(http);
    }

    /// <summary>Hangfire and the antiforgery check read the form without expecting that it cannot be read.</summary>
    private static async Task<Problem?> FormProblemAsync(HttpRequest request)
    {
        if (request.ContentType is null)
        {
            return null;
        }

        if (!request.HasFormContentType)
        {
            return NoForm;
        }

        try
        {
            await request.ReadFormAsync(request.HttpContext.RequestAborted);
            return null;
        }
        catch (Exception broken) when (broken is InvalidDataException or IOException and not BadHttpRequestException)
        {
            return Problem.Invalid("request.invalid", $"The form cannot be read: {broken.Message}");
        }
    }

    private static async Task<Problem?> TokenProblemAsync(HttpContext http) =>
        await http.RequestServices.GetRequiredService<IAntiforgery>().IsRequestValidAsync(http)
            ? null
            : Problem.Invalid("request.no-token", "A form of the job pages needs the token of a page that was opened before.");

    /// <summary>The endpoint's policy authorizes; Hangfire's default filter would admit every local client instead.</summary>
    private sealed class AdmitAll : IDashboardAuthorizationFilter
    {
        public bool Authorize(DashboardContext context) => true;
    }

    private sealed class EnglishCulture() : CultureInfo(string.Empty)
    {
        public override string TwoLetterISOLanguageName => "en";
    }
}
