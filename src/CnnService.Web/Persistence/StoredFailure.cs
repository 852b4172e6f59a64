using System.Text.Json;
using CnnService.Core.Common;

namespace CnnService.Web.Persistence;

/// <summary>A problem as stored in a row: its code and message.</summary>
internal sealed record StoredFailure(string Code, string Detail)
{
    public static string Json(Problem problem) => Json(problem.Code, problem.Detail);

    public static string Json(string code, string detail) => JsonSerializer.Serialize(new StoredFailure(code, detail), CoreJson.Options);

    /// <summary>Null if the row contains none.</summary>
    public static StoredFailure? Read(string? json) =>
        json is null ? null : JsonSerializer.Deserialize<StoredFailure>(json, CoreJson.Options);
}
