using System.Text.Json;
using System.Text.Json.Serialization;

namespace CnnService.Client;

/// <summary>
/// The typed client of CnnService: a method an operation, made from the service's OpenAPI text, and a few that do what a person means by
/// one step. Thread safe; keep one for as long as the service is called.
/// </summary>
public partial class CnnServiceClient
{
    /// <summary>How often progress is asked for while waiting for background work; default every second.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Times the waits; default the system's.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    /// <summary>A client with a connection of its own; applications that have a container of services register one instead.</summary>
    /// <param name="connection">Where the service is.</param>
    /// <param name="transport">Sends the requests; default: the platform's. It is not disposed.</param>
    public static CnnServiceClient Connect(CnnServiceConnection connection, HttpMessageHandler? transport = null)
    {
        ArgumentNullException.ThrowIfNull(connection);
        var http = new HttpClient(new RetryHandler(connection) { InnerHandler = transport ?? new HttpClientHandler() });
        connection.Apply(http);
        return new CnnServiceClient(http) { PollInterval = connection.PollInterval };
    }

    static partial void UpdateJsonSerializerSettings(JsonSerializerOptions settings)
    {
        settings.DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull; // The service refuses null where a field has a default.
        settings.AllowOutOfOrderMetadataProperties = true;
    }
}
