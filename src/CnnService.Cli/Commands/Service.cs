using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Text.Json;
using CnnService.Client;
using CnnService.Core.Common;

namespace CnnService.Cli.Commands;

/// <summary>A running service that is asked, and what its refusals mean here.</summary>
internal static class Service
{
    /// <summary>A service that is starting, or restarting, answers in a moment; one that is not there will not.</summary>
    private const int Attempts = 4;

    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(0.25);

    public static readonly Option<string?> Key = new("--key") { Description = "API key, if the service requires one." };

    private static readonly Option<string?> Url = new("--url")
    {
        Description = "Address of a service that does it instead of this machine, such as http://localhost:5000."
    };

    /// <summary>For a verb that can be asked of a service.</summary>
    public static void AddTo(Command command)
    {
        command.Options.Add(Url);
        command.Options.Add(Key);
    }

    /// <summary>Whether a service is to do it.</summary>
    public static bool IsAsked(ParseResult arguments) => arguments.GetValue(Url) is not null;

    /// <inheritdoc cref="IsAsked(ParseResult)"/>
    public static bool IsAsked(SymbolResult arguments) => arguments.GetValue(Url) is not null;

    /// <summary>Asks the service that the options name.</summary>
    /// <inheritdoc cref="AskAsync{T}(string, string, Func{CnnServiceClient, Task{T}})"/>
    public static Task<Outcome<T>> AskAsync<T>(ParseResult arguments, Func<CnnServiceClient, Task<T>> ask) =>
        AskAsync(arguments.GetValue(Url), arguments.GetValue(Key), ask);

    /// <summary>An address of the service with those parameters that have a value.</summary>
    public static string Address(string path, params (string Name, object? Value)[] query) => $"{path}?" + string.Join('&',
        from parameter in query
        where parameter.Value is not null
        let text = string.Create(CultureInfo.InvariantCulture, $"{parameter.Value}")
        select $"{parameter.Name}={Uri.EscapeDataString(text)}");

    /// <summary>Asks the service. Problem codes: <c>service.url</c>, <c>service.unreachable</c>, and those of the service.</summary>
    /// <param name="url">Its address.</param>
    /// <param name="key">The API key; null: none.</param>
    /// <param name="ask">What is asked.</param>
    public static async Task<Outcome<T>> AskAsync<T>(string? url, string? key, Func<CnnServiceClient, Task<T>> ask)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("http" or "https"))
        {
            return Problem.Invalid("service.url", $"--url must be an address such as http://localhost:5000, received '{url}'.");
        }

        try
        {
            return await ask(CnnServiceClient.Connect(new()
            {
                Address = address,
                ApiKey = key,
                Attempts = Attempts,
                ShortestWait = ShortestWait,
            }));
        }
        catch (CnnServiceException refused)
        {
            return new Problem(KindOf(refused.StatusCode), refused.Code ?? "service.failed", refused.Problem?.Detail ?? refused.Message)
            {
                Errors = refused.Errors,
            };
        }
        catch (HttpRequestException failure)
        {
            return new Problem(ProblemKind.Unavailable, "service.unreachable", $"{url} does not answer: {failure.Message}");
        }
        catch (JsonException)
        {
            return new Problem(ProblemKind.Unavailable, "service.unknown", $"What answers at {url} is no CnnService.");
        }
    }

    private static ProblemKind KindOf(int status) => status switch
    {
        400 => ProblemKind.Invalid,
        401 => ProblemKind.Unauthorized,
        403 => ProblemKind.Forbidden,
        404 => ProblemKind.NotFound,
        409 => ProblemKind.Conflict,
        413 => ProblemKind.TooLarge,
        415 => ProblemKind.UnsupportedMedia,
        422 => ProblemKind.Unprocessable,
        429 => ProblemKind.TooMany,
        503 => ProblemKind.Unavailable,
        504 => ProblemKind.Timeout,
        507 => ProblemKind.StorageFull,
        _ => ProblemKind.Internal,
    };
}
