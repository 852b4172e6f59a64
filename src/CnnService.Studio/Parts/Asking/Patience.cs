using System.Net;
using System.Text.Json;
using CnnService.Client;

namespace CnnService.Studio.Parts.Asking;

/// <summary>Asks again for figures that are still being computed: the service answers 202 until they are there.</summary>
internal static class Patience
{
    private static readonly TimeSpan ShortestWait = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    /// <summary>The answer, however long it takes; ended by its token.</summary>
    public static async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(ask);
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (CnnServiceException pending) when (pending.StatusCode == (int)HttpStatusCode.Accepted)
            {
                await Task.Delay(pending.RetryAfter ?? ShortestWait, cancel);
            }
        }
    }

    /// <summary>Work that the service may finish at once (200) or go on with (202): what it tells of it either way.</summary>
    public static async Task<T> BeginAsync<T>(Func<Task<T>> begin)
    {
        ArgumentNullException.ThrowIfNull(begin);
        try
        {
            return await begin();
        }
        catch (CnnServiceException begun) when (begun.StatusCode == (int)HttpStatusCode.Accepted)
        {
            return begun is CnnServiceException<T> told ? told.Result
                : JsonSerializer.Deserialize<T>(begun.Response ?? "null", Json)
                    ?? throw new FormatException("The service began, and told nothing.");
        }
    }
}
