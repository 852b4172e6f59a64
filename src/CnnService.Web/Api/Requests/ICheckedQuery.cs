using CnnService.Core.Common;

namespace CnnService.Web.Api.Requests;

/// <summary>The parameters of a query, gathered in a record that knows their rules.</summary>
internal interface ICheckedQuery
{
    /// <summary>Adds every broken rule that can be told without looking anything up; what could not be read at all is null here, and told already.</summary>
    void Check(ValidationErrors errors);
}
