using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>The parameters of a query as a record that validates itself.</summary>
internal interface IValidatedQuery
{
    /// <summary>
    /// Adds all violated rules that need no lookup. A value that could not be parsed is null here and has been reported already.
    /// </summary>
    void Check(ValidationErrors errors);
}
