"""People's data: what is kept of somebody, handing it over, forgetting, how long anything stays, holds, evidence."""
